"""What is kept about changes of duty: how far they are handled, and who was asked beforehand."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShiftWatch(models.Model):
    """Up to which instant the changes of a roster's duty have been handled.

    Changes are looked for from here on and not from the present, so that one that came while
    the engine was away, or while the roster was edited, is not passed over.
    """

    roster = models.OneToOneField("tickets.Roster", models.CASCADE, primary_key=True)
    handled_until = models.DateTimeField()

    class Meta:
        verbose_name = _("watch over shift changes")
        verbose_name_plural = _("watch over shift changes")

    def __str__(self) -> str:
        return f"roster {self.roster_id} until {self.handled_until:%Y-%m-%d %H:%M}"


class ReachabilityDrill(models.Model):
    """One person asked before one shift whether they can be reached. Name as it was then.

    `messaged` is off when another roster's drill for the same person was under way: one
    answer counts for both.
    """

    class Outcome(models.TextChoices):
        ASKED = "asked", _("waiting for an answer")
        REACHED = "reached", _("reached")
        SILENT = "silent", _("not reached")
        LATE = "late", _("reached too late")
        MOOT = "moot", _("no longer on this shift")

    roster = models.ForeignKey("tickets.Roster", models.CASCADE, related_name="drills")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=80)
    shift_starts_at = models.DateTimeField()
    shift_ends_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    messaged = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, choices=Outcome.choices, default=Outcome.ASKED)
    replaced_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    replaced_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("reachability drill")
        verbose_name_plural = _("reachability drills")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "person", "shift_starts_at"], name="one_drill_a_shift_and_person"
            )
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="drill_of_person"),
            models.Index(fields=["roster", "shift_starts_at"], name="drill_of_shift"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}, {self.shift_starts_at:%Y-%m-%d %H:%M}"

    @property
    def answered_in(self) -> dt.timedelta | None:
        """How long the answer took; None without one."""
        return self.confirmed_at - self.asked_at if self.confirmed_at else None

    @property
    def event_subject(self) -> str:
        """What its deadlines and messages are about; its events are about the roster."""
        return f"drill/{self.pk}"
