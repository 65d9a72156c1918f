"""What somebody wrote in a ticket: a reply, or an internal note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.viewer import Viewer
    from tickets.models.ticket import Ticket


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, viewer: Viewer) -> EntryQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids, kind=Entry.Kind.REPLY)

    def conversation_of(self, ticket: Ticket) -> EntryQuerySet:
        """What is written in the ticket, with files and where it came from; two queries."""
        entries = self.filter(ticket=ticket).select_related("origin__organization")
        return entries.prefetch_related("attachments")


class Entry(models.Model):
    """Never edited and never turned from note to reply: what was said stays said.

    Name and level of the author are as they were then; people leave, their words stay.
    `origin` is the ticket it was written in, when that has become part of this one; `folded` is
    what a mail held beside what was newly written: quotes and the signature. `submission`
    is the one-time key of the form it came from: sent twice, it is written once.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("reply")
        NOTE = "note", _("internal note")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=80)
    author_level = models.CharField(max_length=10, blank=True)
    by_staff = models.BooleanField()
    channel = models.CharField(max_length=11, default="portal")
    origin = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="+")
    body = models.TextField(_("text"))
    folded = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()
    submission = models.UUIDField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="entry_in_organization"),
            models.UniqueConstraint(
                fields=["organization", "author", "submission"], name="one_entry_a_submission"
            ),
        ]
        indexes = [models.Index(fields=["ticket", "at"], name="entry_conversation")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"

    @property
    def is_note(self) -> bool:
        return self.kind == self.Kind.NOTE
