"""A live conversation in a ticket: who is there, and what each side has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import State

if TYPE_CHECKING:
    import datetime as dt

    from accounts.viewer import Viewer


class ChatQuerySet(models.QuerySet["Chat"]):
    def visible_to(self, viewer: Viewer) -> ChatQuerySet:
        """Staff see all; a customer the chats they began, the tickets of others are pages."""
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids, visitor=viewer.user)

    def in_ticket(self, key: str, number: int) -> ChatQuerySet:
        """Those in the ticket STAR-42, or begun there; the one that goes on first."""
        found = Q(ticket__number=number) | Q(origin__number=number)
        order = F("ended_at").desc(nulls_first=True)
        return self.filter(found, organization__key=key).order_by(order, "-pk")

    def open(self) -> ChatQuerySet:
        return self.filter(ended_at=None)


class Chat(models.Model):
    """The messages are the ticket's own entries; here stands only what makes it live.

    `…_seen_at` is when that side's page last said it was open (UTC), `…_read` the last entry
    it showed, `…_mailed` the last entry that went out by mail instead. `engineers` are those
    who joined, oldest first, with their names as of then. `origin` is the ticket it was begun
    in, when that has become part of this one: so a ticket can come to have several chats.
    """

    class Source(models.TextChoices):
        PORTAL = "portal", _("portal")
        WIDGET = "widget", _("widget")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="chats")
    origin = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="+")
    visitor = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    visitor_name = models.CharField(max_length=80)
    source = models.CharField(max_length=6, choices=Source.choices)
    came_from = models.CharField(_("page it was begun on"), max_length=300, blank=True)
    engineers = models.JSONField(default=list)
    opened_at = models.DateTimeField(_("opened"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    visitor_seen_at = models.DateTimeField()
    visitor_read = models.BigIntegerField(default=0)
    visitor_mailed = models.BigIntegerField(default=0)
    staff_seen_at = models.DateTimeField(null=True)
    staff_read = models.BigIntegerField(default=0)
    staff_mailed = models.BigIntegerField(default=0)

    objects = ChatQuerySet.as_manager()

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="chat_in_organization")
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=models.Q(ended_at=None), name="chat_open"),
            models.Index(fields=["visitor", "-opened_at"], name="chat_of_visitor"),
        ]

    def __str__(self) -> str:
        return f"chat in {self.ticket_id}"

    @property
    def over_since(self) -> dt.datetime | None:
        """When it ended (UTC): somebody ended it, or its ticket was closed, in which nobody can
        write; None while it goes on.
        """
        if self.ended_at is None and self.ticket.state == State.CLOSED:
            return self.ticket.closed_at
        return self.ended_at

    @property
    def has_ended(self) -> bool:
        return self.over_since is not None
