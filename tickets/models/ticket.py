"""A case: one problem of one organization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import allows
from knowledge.models.platform import Platform

if TYPE_CHECKING:
    from accounts.viewer import Viewer
    from tickets.models.entry import Entry


class Severity(models.TextChoices):
    URGENT = "urgent", _("Urgent")
    IMPORTANT = "important", _("Important")
    NORMAL = "normal", _("Normal")

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(Severity).index(self)


class State(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for customer")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    JOINED = "joined", _("Part of another")


UNSOLVED = (State.NEW, State.OPEN, State.WAITING)


class Environment(models.TextChoices):
    PRODUCTION = "production", _("Production")
    STAGING = "staging", _("Staging")
    DEVELOPMENT = "development", _("Development")


class Channel(models.TextChoices):
    PORTAL = "portal", _("portal")
    BREAK_GLASS = "break-glass", _("“Production is down”")
    API = "api", _("API")
    EMAIL = "email", _("e-mail")
    CHAT = "chat", _("chat")
    PHONE = "phone", _("phone")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, viewer: Viewer) -> TicketQuerySet:
        """The tickets this viewer may read. The only way views and API obtain tickets."""
        if viewer.is_staff:
            return self
        readable = [pk for pk in viewer.organization_ids if allows(viewer, "ticket.read", pk)]
        return self.filter(organization_id__in=readable)

    def unsolved(self) -> TicketQuerySet:
        return self.filter(state__in=UNSOLVED)


class Ticket(models.Model):
    """`severity` is the one in force; both sides' own view of it is kept beside it.

    `submission` is the one-time key of the form it came from: sent twice, it opens one ticket.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    number = models.PositiveIntegerField(_("number"))
    subject = models.CharField(_("subject"), max_length=200)
    severity = models.CharField(_("severity"), max_length=9, choices=Severity.choices)
    customer_severity = models.CharField(max_length=9, choices=Severity.choices)
    staff_severity = models.CharField(max_length=9, choices=Severity.choices, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    product = models.ForeignKey(
        "knowledge.Product", models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices, blank=True)
    sdk_version = models.CharField(_("SDK version"), max_length=40, blank=True)
    environment = models.CharField(
        _("environment"), max_length=11, choices=Environment.choices, blank=True
    )
    channel = models.CharField(
        _("came in by"), max_length=11, choices=Channel.choices, default=Channel.PORTAL
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    reporter = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("reporter")
    )
    reporter_name = models.CharField(max_length=80)
    owner = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_tickets",
        verbose_name=_("owner"),
    )
    opened_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("last change"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    cycle = models.PositiveSmallIntegerField(default=1, editable=False)
    submission = models.UUIDField(null=True, editable=False)

    objects = TicketQuerySet.as_manager()

    first_entry: Entry | None = None  # what it was opened with, on a ticket opened just now

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="one_ticket_per_number"
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="ticket_in_organization"),
            models.UniqueConstraint(
                fields=["reporter", "submission"], name="one_ticket_a_submission"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-updated_at"], name="ticket_list"),
            models.Index(
                fields=["updated_at"],
                condition=models.Q(state__in=UNSOLVED),
                name="ticket_unsolved",
            ),
            models.Index(
                fields=["updated_at"],
                condition=models.Q(state=State.WAITING),
                name="ticket_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization.key}-{self.number}"

    @property
    def reference(self) -> str:
        """As people say it: STAR-42."""
        return f"{self.organization.key}-{self.number}"

    @property
    def event_subject(self) -> str:
        """Its name in the event log and on deadlines."""
        return f"ticket/{self.pk}"

    @property
    def is_unsolved(self) -> bool:
        return self.state in UNSOLVED
