"""Forms of "My duty". They say what was typed; whether it may be is the verbs' affair."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.contact_addresses import LIMIT
from accounts.models import ContactMethod, QuietHours
from accounts.templatetags.vigil import duration

DELAYS: Final = (0, 30, 60, 120, 180, 300, 600, 900, 1800)
PLAIN: Final = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


def delay_words(seconds: int) -> str:
    """ "at once", or "after 2 min"."""
    if not seconds:
        return str(_("at once"))
    return str(_("after %(time)s")) % {"time": duration(seconds)}


def delay_choices(*more: int) -> list[tuple[int, str]]:
    return [(seconds, delay_words(seconds)) for seconds in sorted({*DELAYS, *more})]


class AddForm(forms.Form):
    """A further way to be rung."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactMethod.Kind.choices)
    address = forms.CharField(
        label=_("Address"),
        max_length=LIMIT,
        help_text=_(
            "An e-mail address, or an Apprise URL such as ntfy://topic or dingtalk://token."
        ),
        widget=forms.TextInput(attrs=PLAIN),
    )
    delay_seconds = forms.TypedChoiceField(label=_("Rings"), coerce=int, choices=delay_choices)
    fallback_address = forms.CharField(
        label=_("If that fails"),
        max_length=LIMIT,
        required=False,
        help_text=_("A second address, tried when the first does not take the message."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=kwargs.pop("auto_id", "add_%s"), **kwargs)


class ChangeForm(AddForm):
    """What can be changed of one method; `even_if_last` is asked for only after a warning."""

    enabled = forms.BooleanField(label=_("In use"), required=False)
    even_if_last = forms.BooleanField(
        label=_("Do it: ring me at the address I log in with"), required=False
    )

    def __init__(self, *args: Any, method: ContactMethod, **kwargs: Any) -> None:
        names = ("kind", "address", "delay_seconds", "fallback_address", "enabled")
        initial = {name: getattr(method, name) for name in names}
        super().__init__(*args, initial=initial, auto_id=f"method_{method.pk}_%s", **kwargs)
        delays = self.fields["delay_seconds"]
        assert isinstance(delays, forms.TypedChoiceField)  # noqa: S101  declared above
        delays.choices = delay_choices(method.delay_seconds)
        if not self.data.get("warned"):
            del self.fields["even_if_last"]

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "even_if_last"}


class QuietForm(forms.Form):
    """Both empty: no quiet hours."""

    starts_at = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    ends_at = forms.TimeField(
        label=_("Until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    def __init__(self, *args: Any, quiet: QuietHours | None = None, **kwargs: Any) -> None:
        initial = {"starts_at": quiet.starts_at, "ends_at": quiet.ends_at} if quiet else {}
        super().__init__(*args, initial=initial, auto_id="quiet_%s", **kwargs)


def blame(form: forms.Form, refusal: ValidationError) -> None:
    """Put a verb's refusal where it belongs: at its field, or above the form."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)  # type: ignore[arg-type]
