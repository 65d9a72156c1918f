"""What is promised: the calendars time is counted by, and the policies of the plans.

Both come in versions. A version is never changed and never removed (a trigger refuses it):
promises point at the one they were given under, so that editing makes a new version and moves
nothing already promised.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.plans import PLANS
from tickets.models.promise import PauseReason, Promise
from tickets.models.ticket import Severity

DELIVERED: Final = "Around the clock"  # the calendar Vigil comes with
BUDGET_LEVELS: Final = ("L1", "L2", "L3")


class WorkCalendar(models.Model):
    """Working hours under a name; what they are stands in its newest version."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name"]

    def __str__(self) -> str:
        """The name; that of the calendar Vigil comes with in the reader's language."""
        return gettext("Around the clock") if self.name == DELIVERED else self.name


class CalendarVersion(models.Model):
    """Append-only. What time counts, every holiday already worked out to its date.

    `definition` is read by `tickets.calendars`; `written` is what was typed in, to start the
    next version from. `holidays_until` is the last day for which the public holidays are
    known; None when the calendar follows none.
    """

    calendar = models.ForeignKey(WorkCalendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    written = models.JSONField(default=dict)
    holidays_until = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(_("what changes"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["calendar", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "number"], name="one_calendar_version_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"


class Policy(models.Model):
    """What a plan promises for a severity; the promises stand in its versions."""

    plan = models.CharField(
        _("plan"), max_length=12, choices=[(plan.key, plan.name) for plan in PLANS.values()]
    )
    severity = models.CharField(_("severity"), max_length=9, choices=Severity.choices)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "severity"], name="one_policy_a_plan_and_severity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}/{self.severity}"


class PolicyVersion(models.Model):
    """Append-only. In force from `valid_from` until the next version's.

    Amounts are working seconds of `calendar_version`; None promises nothing. `pauses` maps a
    promise's kind to the `PauseReason`s that stop its clock, `warn_at` to the shares of its
    time after which somebody is warned, `budgets` a level (L1, L2, L3) to its seconds of the
    solution. What is left out has none.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    calendar_version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="+")
    response_seconds = models.PositiveIntegerField()
    update_seconds = models.PositiveIntegerField(null=True)
    resolution_seconds = models.PositiveIntegerField(null=True)
    pauses = models.JSONField(default=dict)
    warn_at = models.JSONField(default=dict)
    budgets = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(_("what changes"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="one_policy_version_a_number"
            ),
        ]
        indexes = [models.Index(fields=["policy", "-valid_from"], name="policy_in_force")]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    def target_seconds(self, kind: str) -> int | None:
        """The promised working seconds of a kind of promise; None when it is not promised."""
        return {
            Promise.Kind.RESPONSE: self.response_seconds,
            Promise.Kind.UPDATE: self.update_seconds,
            Promise.Kind.RESOLUTION: self.resolution_seconds,
        }[Promise.Kind(kind)]

    def pauses_of(self, kind: str) -> frozenset[PauseReason]:
        """What stops the clock of a kind of promise."""
        return frozenset(PauseReason(reason) for reason in self.pauses.get(kind, ()))

    def may_wait_for(self, reason: PauseReason) -> bool:
        """Whether any clock of this policy stops for that."""
        return any(reason in self.pauses_of(kind) for kind in Promise.Kind.values)

    def warnings_of(self, kind: str) -> list[float]:
        """The shares of its time after which somebody is warned, in order."""
        return sorted(self.warn_at.get(kind, ()))
