"""Ringing people about a ticket until one of them takes it: the page trail."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Escalation(models.Model):
    """One run of a ladder, frozen with its names when it started.

    `level` is the lowest level an engineer asked for by hand; `silence_seconds` is how long an
    urgent ticket may go without a word of ours once somebody took it.
    """

    class State(models.TextChoices):
        RINGING = "ringing", _("ringing")
        ACKNOWLEDGED = "acked", _("acknowledged")
        STOPPED = "stopped", _("stopped")
        EXHAUSTED = "exhausted", _("nobody acknowledged")
        REPLACED = "replaced", _("escalated further")

    class Reason(models.TextChoices):
        URGENT = "urgent", _("urgent ticket opened")
        RAISED = "raised", _("raised to urgent")
        REOPENED = "reopened", _("urgent ticket reopened")
        RESPONSE_BREACHED = "response", _("first answer overdue")
        UPDATE_BREACHED = "update", _("next update overdue")
        RESOLUTION_BREACHED = "resolution", _("solution overdue")
        HANDOVER = "handover", _("handover not accepted")
        MANUAL = "manual", _("escalated by hand")
        SILENCE = "silence", _("no word for too long")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="escalations")
    team_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.RINGING)
    level = models.CharField(max_length=4, blank=True, default="", db_default="")
    source = models.ForeignKey(
        "tickets.Ladder", models.SET_NULL, null=True, related_name="runs", editable=False
    )
    ladder = models.JSONField()
    silence_seconds = models.PositiveIntegerField(default=900, db_default=900)
    step = models.PositiveSmallIntegerField(default=0)
    next_names = ArrayField(models.CharField(max_length=80), default=list)
    next_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+"
    )
    acknowledged_by_name = models.CharField(max_length=80, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="escalation_in_organization"
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state="ringing"),
                name="one_ladder_rings_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_name} for {self.ticket_id}"

    @property
    def event_subject(self) -> str:
        return f"escalation/{self.pk}"


class Page(models.Model):
    """One person rung once. Name and level are as they were then."""

    class State(models.TextChoices):
        RINGING = "ringing", _("rung")
        NO_ANSWER = "silent", _("no answer")
        UNREACHABLE = "failed", _("could not be reached")
        ACKNOWLEDGED = "acked", _("acknowledged")
        STOPPED = "stopped", _("no longer needed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="pages")
    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="pages")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=80)
    person_level = models.CharField(max_length=10)
    step = models.PositiveSmallIntegerField()
    channels = ArrayField(models.CharField(max_length=5), default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.RINGING)
    rung_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rung_at", "step"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "step", "person"], name="one_page_a_step_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_name} about {self.ticket_id}"
