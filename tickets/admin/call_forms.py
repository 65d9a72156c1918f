"""Forms for a call somebody of ours had: on a ticket, and for a ticket that comes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organization, User
from knowledge.models import Product
from tickets import texts
from tickets.admin.duty_forms import MomentField
from tickets.admin.forms import SubmissionField
from tickets.calls_by_hand import LONGEST, Told
from tickets.models import Call
from tickets.models.ticket import Severity

LONGEST_MINUTES: Final = LONGEST // dt.timedelta(minutes=1)
CALLERS: Final = ("owner", "admin", "developer")  # who may open tickets


class CallForm(forms.Form):
    """Who called whom, when and how long."""

    way = forms.ChoiceField(
        label=gettext_lazy("Who called"),
        choices=[
            (Call.Way.IN, gettext_lazy("The customer called us")),
            (Call.Way.OUT, gettext_lazy("I called the customer")),
        ],
        widget=forms.RadioSelect,
        initial=Call.Way.IN,
    )
    started_at = MomentField(label=gettext_lazy("When it began"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes it took"), min_value=0, max_value=LONGEST_MINUTES
    )

    submission = SubmissionField()

    def told(self, spoken_with: str) -> Told:
        data = self.cleaned_data
        length = dt.timedelta(minutes=data["minutes"])
        return Told(data["way"], spoken_with, data["started_at"], length)


class NoteCallForm(CallForm):
    """A call about a ticket there is."""

    spoken_with = forms.CharField(label=gettext_lazy("Whom you spoke with"), max_length=80)
    was_spoken_to = forms.TypedChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[
            ("yes", gettext_lazy("I spoke with the customer: an answer, which they can read")),
            ("no", gettext_lazy("I reached nobody: an internal note, and no clock moves")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    body = forms.CharField(
        label=gettext_lazy("What was said"),
        max_length=texts.BODY_LIMIT,
        widget=forms.Textarea({"rows": 5}),
    )
    field_order = ("way", "spoken_with", "started_at", "minutes", "was_spoken_to", "body")


class OpenFromCallForm(CallForm):
    """A call that becomes a ticket, of a member of one organization."""

    reporter = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Whom you spoke with"),
        empty_label=gettext_lazy("Choose a member"),
        error_messages={"required": gettext_lazy("Say whose words they are.")},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, initial=Severity.IMPORTANT
    )
    product = forms.ModelChoiceField(
        Product.objects.all(),
        label=gettext_lazy("Product"),
        required=False,
        empty_label=gettext_lazy("not known"),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        required=False,
        max_length=texts.SUBJECT_LIMIT,
        help_text=gettext_lazy("Empty: the first line of what they said."),
    )
    said = forms.CharField(
        label=gettext_lazy("What they said"),
        max_length=texts.BODY_LIMIT - 200,
        widget=forms.Textarea({"rows": 5}),
    )
    answered = forms.CharField(
        label=gettext_lazy("What you answered"),
        required=False,
        max_length=texts.BODY_LIMIT,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Counts as the answer. Empty: somebody still has to answer."),
    )
    field_order = (
        *("reporter", "way", "started_at", "minutes"),
        *("severity", "product", "subject", "said", "answered", "submission"),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(organization=organization, role__in=CALLERS)
        field: Any = self.fields["reporter"]
        field.queryset = User.objects.filter(pk__in=members.values("user_id")).order_by("name")
        field.label_from_instance = lambda person: person.name


class CustomerForm(forms.Form):
    """Whose call it was, asked first: whose members may be named depends on it."""

    customer = forms.ModelChoiceField(
        Organization.objects.order_by("name"),
        label=gettext_lazy("Customer"),
        to_field_name="key",
        empty_label="—",
    )
