"""The event log: one row per change, never altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, viewer: Viewer) -> EventQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids, internal=False)

    def about(self, subject: str) -> EventQuerySet:
        return self.filter(subject=subject).order_by("id")


class Event(models.Model):
    """Who did what to which object, and when it was true.

    `at` is the instant of the fact, `recorded_at` the instant it was written. A trigger
    refuses UPDATE, DELETE and TRUNCATE; another notifies the live stream on INSERT.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True)
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=80, blank=True)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organization", "subject", "id"], name="event_subject"),
            models.Index(fields=["organization", "id"], name="event_stream"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
