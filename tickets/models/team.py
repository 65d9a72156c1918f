"""Who is on duty for what: product teams and their rosters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import known_time_zone

# The name a migration knows it by.
validate_time_zone = known_time_zone


class Team(models.Model):
    """A product team. The default team takes what belongs to no product."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    products = models.ManyToManyField("knowledge.Product", verbose_name=_("products"), blank=True)
    is_default = models.BooleanField(_("takes what belongs to no product"), default=False)
    duty_level = models.CharField(
        _("level on duty at all hours"),
        max_length=4,
        choices=[("L1", _("any level")), ("L2", _("L2 or above")), ("L3", _("L3 or lead"))],
        default="L1",
        db_default="L1",
        help_text=_("The coverage forecast warns of hours in which nobody of it is on duty."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_team"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Roster(models.Model):
    """Who is on duty for a team. How it is made stands in its versions (`roster_record`).

    `time_zone` is that of its last version; one that has `ended_at` has nobody on duty since.
    """

    team = models.ForeignKey(Team, models.CASCADE, verbose_name=_("team"), related_name="rosters")
    name = models.CharField(_("name"), max_length=40)
    time_zone = models.CharField(_("time zone"), max_length=40, validators=[known_time_zone])
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    drill_minutes = models.PositiveSmallIntegerField(
        _("drill, minutes before a shift"),
        default=15,
        db_default=15,
        help_text=_("Who comes on duty is asked whether they can be reached. 0: nobody is."),
    )
    confirm_minutes = models.PositiveSmallIntegerField(
        _("minutes to confirm a drill"),
        default=10,
        db_default=10,
        help_text=_("After that the lead is told and the next takes the shift."),
    )
    note_minutes = models.PositiveSmallIntegerField(
        _("handover notes, minutes before a shift ends"), default=15, db_default=15
    )
    accept_minutes = models.PositiveSmallIntegerField(
        _("minutes to accept a handover"),
        default=10,
        db_default=10,
        help_text=_("After that the one who comes on duty is paged, then the ladder."),
    )

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        ordering = ["team", "id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="one_roster_of_a_name"),
            models.CheckConstraint(
                condition=models.Q(drill_minutes__lte=240, note_minutes__lte=240),
                name="roster_asks_within_hours",
                violation_error_message=_("Ask at most 240 minutes before a shift changes."),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    confirm_minutes__gte=1,
                    confirm_minutes__lte=120,
                    accept_minutes__gte=1,
                    accept_minutes__lte=120,
                ),
                name="roster_waits_for_an_answer",
                violation_error_message=_("Wait 1 to 120 minutes for an answer."),
            ),
            models.CheckConstraint(
                condition=models.Q(drill_minutes=0)
                | models.Q(confirm_minutes__lte=models.F("drill_minutes")),
                name="drill_ends_before_the_shift",
                violation_error_message=_(
                    "A drill must be over before the shift begins: give less time to confirm,"
                    " or ask earlier."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.name}"
