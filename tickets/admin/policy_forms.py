"""The form of a policy: what was typed; whether it may be promised is `policy_rules`' affair."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.admin.duration_field import LengthField, written
from tickets.calendars import is_around_the_clock
from tickets.models import CalendarVersion, PolicyVersion, Promise
from tickets.models.policy import BUDGET_LEVELS
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity

KINDS: Final = {
    Promise.Kind.RESPONSE: gettext_lazy("First answer"),
    Promise.Kind.UPDATE: gettext_lazy("Next update"),
    Promise.Kind.RESOLUTION: gettext_lazy("Solution"),
}


class SharesField(forms.CharField):
    """ "50, 80" in per cent; cleans to a list of shares."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{round(share * 100)}" for share in value)
        return value

    def clean(self, value: Any) -> list[float]:
        text = str(super().clean(value)).replace("%", " ").replace("，", ",")
        try:
            return sorted({int(part) / 100 for part in text.split(",") if part.strip()})
        except (ValueError, OverflowError):
            raise ValidationError(_("Write percentages, such as 50, 80.")) from None


class CalendarChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.calendar)


class PolicyForm(forms.Form):
    """`severity` decides whether the first answer may pause at all."""

    calendar = CalendarChoice(
        CalendarVersion.objects.none(), label=gettext_lazy("Counted by"), empty_label=None
    )
    response_seconds = LengthField(label=gettext_lazy("First answer within"))
    update_seconds = LengthField(label=gettext_lazy("Then news every"), required=False)
    resolution_seconds = LengthField(label=gettext_lazy("Solved within"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What changes and why"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Stands in the history. Write nothing here customers may not read."),
    )

    def __init__(
        self, *args: Any, version: PolicyVersion, newest: list[CalendarVersion], **kwargs: Any
    ) -> None:
        kwargs["initial"] = _initial(version, newest)
        super().__init__(*args, **kwargs)
        calendar = self.fields["calendar"]
        assert isinstance(calendar, forms.ModelChoiceField)  # noqa: S101  for the type checker
        calendar.queryset = CalendarVersion.objects.filter(
            pk__in=[one.pk for one in newest]
        ).select_related("calendar")
        for kind, label in KINDS.items():
            if version.policy.severity != Severity.URGENT or kind != Promise.Kind.RESPONSE:
                self.fields[f"pauses_{kind}"] = forms.MultipleChoiceField(
                    label=_("%(promise)s pauses while") % {"promise": label},
                    choices=PauseReason.choices,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            self.fields[f"warn_{kind}"] = SharesField(
                label=_("%(promise)s: warn at per cent of the time") % {"promise": label},
                required=False,
                max_length=40,
            )
        for level in BUDGET_LEVELS:
            self.fields[f"budget_{level}"] = LengthField(
                label=_("Time for %(level)s") % {"level": level}, required=False
            )

    def fields_of(self, prefix: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def targets(self) -> list[forms.BoundField]:
        return [self["calendar"], *(self[f"{kind}_seconds"] for kind in KINDS)]

    @property
    def pauses(self) -> list[forms.BoundField]:
        return self.fields_of("pauses_")

    @property
    def warnings(self) -> list[forms.BoundField]:
        return self.fields_of("warn_")

    @property
    def budgets(self) -> list[forms.BoundField]:
        return self.fields_of("budget_")

    def wanted(self) -> dict[str, Any]:
        """As `policies.publish` and `policies.draft` take it."""
        clean = self.cleaned_data
        budgets = {level: clean[f"budget_{level}"] for level in BUDGET_LEVELS}
        return {
            "calendar_version": clean["calendar"],
            **{f"{kind}_seconds": clean[f"{kind}_seconds"] for kind in KINDS},
            "pauses": {str(kind): clean.get(f"pauses_{kind}", []) for kind in KINDS},
            "warn_at": {str(kind): clean[f"warn_{kind}"] for kind in KINDS},
            "budgets": {level: seconds for level, seconds in budgets.items() if seconds},
            "note": clean["note"],
        }

    def take(self, error: ValidationError) -> None:
        """Put what the rules refuse beside the first field it is about."""
        first = {"pauses": "pauses_resolution", "warn_at": "warn_response", "budgets": "budget_L1"}
        for name, problems in error.message_dict.items():
            field = first.get(name, name)
            self.add_error(field if field in self.fields else None, problems)


def _initial(version: PolicyVersion, newest: list[CalendarVersion]) -> dict[str, Any]:
    calendar_id = version.calendar_version.calendar_id
    initial: dict[str, Any] = {
        "calendar": next((one.pk for one in newest if one.calendar_id == calendar_id), None)
    }
    for kind in KINDS:
        initial[f"{kind}_seconds"] = _written(version.target_seconds(kind), version)
        initial[f"pauses_{kind}"] = [str(reason) for reason in version.pauses_of(kind)]
        initial[f"warn_{kind}"] = version.warnings_of(kind)
    for level in BUDGET_LEVELS:
        initial[f"budget_{level}"] = _written(version.budgets.get(level), version)
    return initial


def _written(seconds: int | None, version: PolicyVersion) -> str:
    if seconds is None:
        return ""
    return written(seconds, in_days=is_around_the_clock(version.calendar_version))
