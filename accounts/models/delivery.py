"""One thing to be exchanged with the outside: a page, an e-mail, the watchdog's canary."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Delivery(models.Model):
    """Claimed under a lease, sent with its key, settled with the claim's token.

    `claimable_at` is when a sender may take it: at first when it is due, while it is being
    sent the end of the lease, after a failure the time of the next try. A sender that was
    asleep past its lease holds a stale `lease_token` and can settle nothing.

    When `address` fails, `fallback` is tried in the same attempt; `carried_by` says which of
    the two took the message. Whether anybody saw it, no delivery can know.
    """

    class Kind(models.TextChoices):
        PAGE = "page", _("page")
        EMAIL = "email", _("e-mail")
        CANARY = "canary", _("canary")  # the watchdog's, sent as pages are
        CHECK = "check", _("check of an address")
        RECORDING = "recording", _("recording of a call")  # fetched, not sent

    class Carrier(models.TextChoices):
        ADDRESS = "address", _("the first address")
        FALLBACK = "fallback", _("the fallback")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=60)
    channel = models.CharField(max_length=5)
    address = models.CharField(max_length=400)
    fallback = models.CharField(max_length=400, blank=True, default="", db_default="")
    carried_by = models.CharField(
        max_length=8, choices=Carrier.choices, blank=True, default="", db_default=""
    )
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimable_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["kind", "claimable_at"],
                condition=models.Q(sent_at=None, failed_at=None, cancelled_at=None),
                name="delivery_claimable",
            ),
            models.Index(
                fields=["subject"],
                condition=models.Q(sent_at=None, failed_at=None, cancelled_at=None),
                name="delivery_open_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.key
