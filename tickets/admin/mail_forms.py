"""Forms for what staff make of a mail nobody could place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Organization, User
from accounts.viewer import Viewer
from tickets import finding
from tickets.models import Inbound, Ticket
from tickets.models.ticket import Severity

LONGEST: Final = 254


class TicketForm(forms.Form):
    """A ticket by its number."""

    ticket = forms.CharField(label=gettext_lazy("Ticket"), max_length=20)

    def chosen(self, viewer: Viewer) -> Ticket:
        """The ticket; `ValidationError` when there is none of that number."""
        reference = self.cleaned_data["ticket"].strip()
        rows = finding.by_reference(viewer, reference).select_related("organization")
        found = rows.first()
        if found is None:
            raise ValidationError({"ticket": _("There is no ticket of that number.")})
        return found


class PersonForm(forms.Form):
    """A member by their address, and the word of whoever says so."""

    person = forms.EmailField(
        label=gettext_lazy("Written by"),
        help_text=gettext_lazy("The address of a member."),
        max_length=LONGEST,
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I have made sure that this member wrote it, by other means."),
        error_messages={
            "required": gettext_lazy("Make sure first: it will stand there as their words.")
        },
    )

    def chosen_person(self) -> User:
        """The member; `ValidationError` when nobody is known at that address."""
        address = self.cleaned_data["person"].lower()
        person = User.objects.filter(email=address, is_active=True, is_staff=False).first()
        if person is None:
            raise ValidationError({"person": _("There is no member of that address.")})
        return person


class CommentForm(TicketForm, PersonForm):
    field_order = ("ticket", "person", "confirm")


class NoteForm(TicketForm):
    pass


class OpenForm(PersonForm):
    """A new ticket of a member; of which organization, if they belong to several."""

    organization = forms.CharField(
        label=gettext_lazy("Customer"),
        help_text=gettext_lazy("Its ticket prefix, such as STAR."),
        max_length=6,
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, initial=Severity.NORMAL
    )
    field_order = ("person", "organization", "severity", "confirm")

    def chosen_organization(self, person: User) -> Organization:
        key = self.cleaned_data["organization"].strip().upper()
        member = Membership.objects.filter(user=person, organization__key=key)
        found = member.select_related("organization").first()
        if found is None:
            said = _("%(name)s is no member there.") % {"name": person.name}
            raise ValidationError({"organization": said})
        return found.organization


@dataclass(frozen=True, slots=True)
class MailForms:
    """Those of one page; `sent` names the one that was sent back."""

    comment: forms.Form
    note: forms.Form
    open: forms.Form
    sent: str = ""

    @classmethod
    def fresh(
        cls, row: Inbound, ticket: Ticket | None, organization: Organization | None
    ) -> MailForms:
        """Filled with what is proposed, and never with the word of whoever decides."""
        about: dict[str, Any] = {"ticket": ticket.reference if ticket else ""}
        person = {"person": row.sender if row.data.get("person") else ""}
        key = {"organization": organization.key if organization else ""}
        urgent = Severity.URGENT if row.is_urgent else Severity.NORMAL
        return cls(
            comment=CommentForm(initial=about | person, prefix=None, auto_id="comment_%s"),
            note=NoteForm(initial=about, auto_id="note_%s"),
            open=OpenForm(initial=person | key | {"severity": urgent}, auto_id="open_%s"),
        )
