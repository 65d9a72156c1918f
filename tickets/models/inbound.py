"""What came in from outside, as received."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Inbound(models.Model):
    """Stored before it is understood, and kept whatever becomes of it.

    `key` is what makes a second delivery of the same thing recognisable: a digest of the mail
    and its recipients, or the hotline's call and step. `claimable_at` and `lease_token` are
    those of a claim, as with deliveries. `sender` is the address in its From, in lower case,
    and no more than a claim; `data` is what the pages of staff show of it. `organization`,
    `ticket` and `entry` say what it became; no customer's transaction may read any of this.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")

    class Outcome(models.TextChoices):
        WAITING = "", _("not yet looked at")
        OPENED = "opened", _("opened a ticket")
        REPLIED = "replied", _("replied to a ticket")
        ENQUIRY = "enquiry", _("an enquiry")
        BOUNCE = "bounce", _("a bounce")
        AUTOMATIC = "automatic", _("an automatic reply")
        REPORT = "report", _("a report")
        DUPLICATE = "duplicate", _("came twice")
        QUARANTINED = "quarantined", _("in quarantine")
        CALL = "call", _("a step of a call")
        DISCARDED = "discarded", _("set aside by a person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    source = models.CharField(_("came in by"), max_length=200)
    key = models.CharField(max_length=120, unique=True)
    raw = models.BinaryField()
    envelope = models.JSONField(default=dict)
    message_id = models.CharField(max_length=250, blank=True)
    sender = models.CharField(_("from"), max_length=254, blank=True, default="", db_default="")
    is_urgent = models.BooleanField(default=False)
    received_at = models.DateTimeField(_("received"))
    claimable_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    outcome = models.CharField(
        _("what it became"), max_length=11, choices=Outcome.choices, blank=True, default=""
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    data = models.JSONField(default=dict)
    handled_at = models.DateTimeField(null=True)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True)
    ticket = models.ForeignKey("tickets.Ticket", models.SET_NULL, null=True, related_name="+")
    entry = models.ForeignKey("tickets.Entry", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("incoming message")
        verbose_name_plural = _("incoming messages")
        ordering = ["-received_at"]
        indexes = [
            models.Index(
                fields=["-is_urgent", "claimable_at"],
                condition=models.Q(handled_at=None),
                name="inbound_claimable",
            ),
            models.Index(fields=["message_id"], name="inbound_message_id"),
            models.Index(fields=["sender", "received_at"], name="inbound_of_sender"),
            models.Index(
                fields=["-received_at"],
                condition=models.Q(outcome="quarantined"),
                name="inbound_quarantine",
            ),
            models.Index(fields=["ticket"], name="inbound_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d %H:%M}"
