"""Forms of the team and settings pages; the rules stand in the verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import access
from accounts.access import SCOPES, Role
from accounts.models import User
from accounts.people import ADDRESS_LIMIT, NAME_LIMIT, clean_address, clean_name
from accounts.time_zones import time_zones
from accounts.viewer import Viewer

SCOPE_LABELS = {
    "tickets:read": _("Read tickets"),
    "tickets:write": _("Open tickets and reply"),
}
LIFETIMES = {30: _("30 days"), 90: _("90 days"), 365: _("1 year")}


def roles_for(viewer: Viewer, organization_id: int) -> list[tuple[str, str]]:
    """The roles this person may give: only owners make owners."""
    may_make_owners = access.allows(viewer, "owner.manage", organization_id)
    return [
        (value, str(label))
        for value, label in Role.choices
        if value != Role.OWNER or may_make_owners
    ]


class InvitationForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail"),
        max_length=ADDRESS_LIMIT,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.DEVELOPER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "invite_%s"  # the page has other forms with such fields
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = roles

    def clean_email(self) -> str:
        return clean_address(self.cleaned_data["email"])


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(zone, zone) for zone in time_zones()]
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    @classmethod
    def of(cls, user: User) -> ProfileForm:
        return cls(
            initial={"name": user.name, "language": user.language, "time_zone": user.time_zone}
        )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, SCOPE_LABELS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"), choices=list(LIFETIMES.items()), coerce=int, initial=90
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "token_%s"  # the page has another form with a name

    def expires_at(self, now: dt.datetime) -> dt.datetime:
        return now + dt.timedelta(days=self.cleaned_data["days"])


def blame(form: forms.Form, refusal: ValidationError) -> None:
    """Put what a verb refused at the form's fields; what is about none stands above them."""
    known = refusal.message_dict if hasattr(refusal, "error_dict") else {}
    for field, sentences in known.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
    if not known:
        form.add_error(None, refusal)
