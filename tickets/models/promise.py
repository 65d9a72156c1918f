"""A promise given to a customer: one clock of one ticket, and the facts it follows from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PauseReason(models.TextChoices):
    """The only things a clock may wait for."""

    CUSTOMER = "waiting on customer", _("waiting for the customer")
    AGREED_DATE = "agreed date", _("waiting for an agreed date")


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> PromiseQuerySet:
        """Those whose clock runs or is paused: still owed."""
        return self.filter(state__in=[Promise.State.RUNNING, Promise.State.PAUSED])


class Promise(models.Model):
    """The state of one clock.

    It is the fold of its facts (`tickets.sla.clock.replay`), kept so that queues can sort by
    it. `policy_version` is the wording it was given under, `policy` its name for people to
    read; target and calendar are pinned beside it: editing a policy moves nothing already
    promised. While it is paused, `paused_for` is the `PauseReason` and `paused_until` the
    agreed date, if that is what it waits for. `at_risk_at` is when four fifths of the time
    are used up.
    """

    class Kind(models.TextChoices):
        RESPONSE = "response", _("First answer by an engineer")
        UPDATE = "update", _("Next update from us")
        RESOLUTION = "resolution", _("Restored")

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        MET = "met", _("met")
        CANCELLED = "cancelled", _("ended")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cycle = models.PositiveSmallIntegerField(default=1)
    policy = models.CharField(max_length=60)
    policy_version = models.ForeignKey(
        "tickets.PolicyVersion", models.PROTECT, related_name="promises"
    )
    calendar_version = models.ForeignKey(
        "tickets.CalendarVersion", models.PROTECT, related_name="promises"
    )
    target_seconds = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    paused_for = models.CharField(
        max_length=20, choices=PauseReason.choices, blank=True, default="", db_default=""
    )
    paused_until = models.DateTimeField(null=True)
    remaining_seconds = models.FloatField(null=True)
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    promised_by_name = models.CharField(max_length=80, blank=True, default="")

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="promise_in_organization"),
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=models.Q(state__in=["running", "paused"]),
                name="one_open_promise_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="running"),
                name="promise_running_due",
            ),
            models.Index(
                fields=["at_risk_at"],
                condition=models.Q(state="running"),
                name="promise_running_risk",
            ),
            models.Index(fields=["ticket"], name="promise_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"

    @property
    def label(self) -> str:
        """ "Restored" above a clock that still runs would read as if it were done."""
        if self.kind == self.Kind.RESOLUTION and self.state != self.State.MET:
            return str(_("Restore goal"))
        return str(self.Kind(self.kind).label)

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.PAUSED)

    @property
    def kept(self) -> bool | None:
        """True or False once it is known, else None."""
        if self.breached_at is not None:
            return False
        return True if self.state == self.State.MET else None

    @property
    def seconds_taken(self) -> float | None:
        """Wall-clock seconds from start to met, for people to read."""
        return (self.met_at - self.started_at).total_seconds() if self.met_at else None


class PromiseFact(models.Model):
    """Append-only: what happened to a clock, when it was true, who did it and why.

    `policy_version` is the wording in force for the clock from this fact on. A fact that says
    how much time there is (`started`, `retargeted`) names the calendar the time is counted
    by; it is the policy's own, unless that would have ended later than the one before. One that
    is `restored` takes back what was noted since the instant `until`: see `tickets.ledger.rows`.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    promise = models.ForeignKey(Promise, models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=120, blank=True)
    policy = models.CharField(max_length=60, blank=True)
    policy_version = models.ForeignKey("tickets.PolicyVersion", models.PROTECT, related_name="+")
    calendar_version = models.ForeignKey(
        "tickets.CalendarVersion", models.PROTECT, null=True, related_name="+"
    )
    target_seconds = models.PositiveIntegerField(null=True)
    actor_name = models.CharField(max_length=80, blank=True, default="")
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%H:%M:%S}"
