"""Forms of the workspace. They say what was typed; whether it may be is the verbs' affair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.staff_profile import Level
from knowledge.models import Platform, Product
from tickets.models import AgreedDate, Handover, SeverityChange, Ticket
from tickets.models.ticket import Environment, Severity


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of uploads, as a list; empty ones are left for the verb to name."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [file for file in files if file]


class IdsField(forms.MultipleChoiceField):
    """Keys of drafts an earlier try kept; whether they are the writer's own, the verb checks."""

    widget = forms.MultipleHiddenInput

    def validate(self, value: list[str]) -> None:
        forms.Field.validate(self, value)

    def clean(self, value: Any) -> list[Any]:
        return [forms.UUIDField().clean(one) for one in super().clean(value)]


class SubmissionField(forms.UUIDField):
    """The one-time key of a form, a fresh one for each page; sent twice, it counts once."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("This message has no mark of its own. Reload the page.")}

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid4)


class MessageForm(forms.Form):
    """A reply or an internal note: the address it is sent to decides which.

    `kept` are the keys of files that wait as drafts when the form is shown again. `submission`
    makes a second click write no second message.
    """

    kept: Sequence[UUID] = ()

    body = forms.CharField(required=False, strip=False)
    files = FilesField(required=False)  # type: ignore[assignment]
    attachment = IdsField(required=False)
    ask_customer = forms.BooleanField(required=False)
    submission = SubmissionField()


class SeverityForm(forms.Form):
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=SeverityChange._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JoinForm(forms.Form):
    """`other` is the number of the ticket to join with: STAR-42, or 42 of the same customer."""

    other = forms.CharField(
        label=_("With ticket"),
        max_length=20,
        error_messages={"required": _("Say which ticket it is one with.")},
    )


class EscalateForm(forms.Form):
    """Whom else to call, and why."""

    level = forms.ChoiceField(label=_("At least"), choices=Level.choices, initial=Level.L3)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: whoever is woken reads it first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With ids of its own: it stands on a page beside other forms that ask for a reason."""
        super().__init__(*args, **({"auto_id": "escalate-%s"} | kwargs))


class NoteForm(forms.Form):
    """The note of a handover; `of` fills it in with what was written before."""

    note = forms.CharField(
        label=_("Note for the next engineer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What is known, what was tried, what comes next. Customers never see it."),
    )

    @classmethod
    def of(cls, handover: Handover) -> NoteForm:
        return cls(initial={"note": handover.note}, prefix=None, auto_id=f"note-{handover.pk}-%s")


class HandOverForm(forms.Form):
    """To whom a ticket goes by hand; an empty note keeps the one there is."""

    to = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True),
        label=_("Hand over to"),
        error_messages={"required": _("Say who takes it over.")},
    )
    note = forms.CharField(
        label=_("Note, internal"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AgreedDateForm(forms.Form):
    """Date and time are of the reader's own zone."""

    until = forms.DateTimeField(
        label=_("We wait until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=AgreedDate._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With ids of its own: beside other forms that ask for a reason."""
        super().__init__(*args, **({"auto_id": "wait-%s"} | kwargs))


class FactsForm(forms.Form):
    """What a ticket is about. `of` fills it in from the ticket."""

    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False, empty_label=_("not known")
    )
    platform = forms.ChoiceField(
        label=_("Platform"), choices=[("", _("not known")), *Platform.choices], required=False
    )
    sdk_version = forms.CharField(
        label=_("SDK version"),
        required=False,
        max_length=Ticket._meta.get_field("sdk_version").max_length,
    )
    environment = forms.ChoiceField(
        label=_("Environment"), choices=[("", _("not known")), *Environment.choices], required=False
    )

    @classmethod
    def of(cls, ticket: Ticket) -> FactsForm:
        return cls(
            initial={
                "product": ticket.product_id,
                "platform": ticket.platform,
                "sdk_version": ticket.sdk_version,
                "environment": ticket.environment,
            }
        )
