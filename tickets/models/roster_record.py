"""What is on record of rosters: versions of how they are made, changes to them, swaps asked for.

Versions are appended and never changed; a change is cancelled, never edited or deleted. Who was
on duty at some instant is read from these rows alone.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RosterVersion(models.Model):
    """How a roster is made from `valid_from` on: `tickets.oncall.definition`, with names."""

    roster = models.ForeignKey("tickets.Roster", models.PROTECT, related_name="versions")
    definition = models.JSONField()
    valid_from = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("version of a roster")
        verbose_name_plural = _("versions of rosters")
        ordering = ["roster", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "valid_from"], name="one_version_of_a_roster_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"roster {self.roster_id} from {self.valid_from:%Y-%m-%d %H:%M}"


class DutyChange(models.Model):
    """A change to who is on duty in [starts_at, ends_at).

    Override (and swap, drill): `person` comes on in place of `replaces`, or besides without
    one. Leave: `replaces` is off on every roster, `person` stands in if named. Temporary: only
    `shifts` hold, each `{"member", "name", "starts_at", "ends_at"}` with instants in UTC.
    It never begins before it is made.
    """

    class Kind(models.TextChoices):
        OVERRIDE = "override", _("override")
        SWAP = "swap", _("swap")
        DRILL = "drill", _("not reached before the shift")
        LEAVE = "leave", _("leave")
        TEMPORARY = "temporary", _("temporary schedule")

    kind = models.CharField(max_length=9, choices=Kind.choices)
    roster = models.ForeignKey(
        "tickets.Roster", models.PROTECT, null=True, related_name="duty_changes"
    )
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=80, blank=True)
    replaces = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    replaces_name = models.CharField(max_length=80, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    shifts = models.JSONField(default=list)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=80, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    cancelled_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("change of duty")
        verbose_name_plural = _("changes of duty")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="duty_change_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("created_at")), name="duty_change_is_not_of_the_past"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="leave", roster=None, replaces__isnull=False)
                    | Q(kind="temporary", roster__isnull=False, person=None, replaces=None)
                    | Q(kind__in=["override", "swap", "drill"], roster__isnull=False)
                    & (Q(person__isnull=False) | Q(replaces__isnull=False))
                ),
                name="duty_change_says_who",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at", "starts_at"], name="duty_change_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def event_subject(self) -> str:
        return f"dutychange/{self.pk}"


class Swap(models.Model):
    """`asker` asks `asked` to take [starts_at, ends_at) of theirs, perhaps for one in return."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("no answer in time")

    roster = models.ForeignKey("tickets.Roster", models.PROTECT, related_name="swaps")
    asker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asker_name = models.CharField(max_length=80)
    asked = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_name = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    return_roster = models.ForeignKey("tickets.Roster", models.PROTECT, null=True, related_name="+")
    return_starts_at = models.DateTimeField(null=True)
    return_ends_at = models.DateTimeField(null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), starts_at__gt=F("created_at")),
                name="swap_is_of_the_future",
            ),
            models.CheckConstraint(
                condition=(
                    Q(return_roster=None, return_starts_at=None, return_ends_at=None)
                    | Q(return_roster__isnull=False, return_ends_at__gt=F("return_starts_at"))
                ),
                name="swap_returns_a_stretch",
            ),
            models.CheckConstraint(
                condition=~Q(asker=F("asked")), name="swap_is_between_two_people"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="asked"), name="swap_waiting_for_an_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asker_name} → {self.asked_name}, {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def event_subject(self) -> str:
        return f"swap/{self.pk}"
