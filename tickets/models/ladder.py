"""Whom a team's tickets ring: a ladder for each severity, or one for all, and its steps."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.staff_profile import Level
from tickets.models.team import Roster, Team
from tickets.models.ticket import Severity

SHORTEST_PATIENCE_SECONDS = 10
LONGEST_PATIENCE_SECONDS = 86_400


class Ladder(models.Model):
    """The ladder for one severity, or (with an empty one) for those without their own.

    A ticket rings its severity's ladder of its team, else the team's for any severity, else
    the default team's (`tickets.oncall.freezing`). A page under way has its own frozen copy:
    nothing changed here moves it.
    """

    team = models.ForeignKey(Team, models.CASCADE, verbose_name=_("team"), related_name="ladders")
    severity = models.CharField(
        _("severity"),
        max_length=9,
        choices=[("", _("any severity")), *Severity.choices],
        blank=True,
        default="",
        help_text=_("A severity's own ladder goes before the one for any severity."),
    )
    rounds = models.PositiveSmallIntegerField(
        _("rounds"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("How often the whole ladder is rung before it is made up anew."),
    )
    silence_minutes = models.PositiveSmallIntegerField(
        _("minutes of silence"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_(
            "When nobody of ours writes for so long in an urgent ticket somebody took, it rings"
            " again."
        ),
    )

    class Meta:
        verbose_name = _("escalation ladder")
        verbose_name_plural = _("escalation ladders")
        ordering = ["team", "severity"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "severity"],
                name="one_ladder_a_severity",
                violation_error_message=_("This team has a ladder for that severity already."),
            ),
            models.CheckConstraint(
                condition=models.Q(rounds__gte=1, rounds__lte=20), name="ladder_has_rounds"
            ),
            models.CheckConstraint(
                condition=models.Q(silence_minutes__gte=1, silence_minutes__lte=240),
                name="silence_has_a_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} · {self.get_severity_display()}"


class LadderStep(models.Model):
    """Whom to ring, and how long they have to acknowledge before the next step is rung.

    `level` and the ticket's product, platform and language say who of a roster's people on
    duty is rung; when none of them qualifies, all of them are.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", _("whoever is on duty")
        PERSON = "person", _("a person")
        LEADS = "leads", _("the leads of the team's products")
        CONTACT = "contact", _("the customer's dedicated contact")
        MANAGERS = "managers", _("the managers")

    ladder = models.ForeignKey(
        Ladder, models.CASCADE, verbose_name=_("ladder"), related_name="steps"
    )
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("rings"), max_length=8, choices=Kind.choices)
    roster = models.ForeignKey(
        Roster, models.CASCADE, null=True, blank=True, verbose_name=_("roster")
    )
    person = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("person"),
        limit_choices_to={"is_staff": True},
        related_name="+",
    )
    level = models.CharField(
        _("lowest level"),
        max_length=4,
        choices=Level.choices,
        blank=True,
        default="",
        db_default="",
    )
    patience_seconds = models.PositiveIntegerField(
        _("seconds to acknowledge"),
        default=180,
        help_text=_("After that the next step is rung."),
    )
    times = models.PositiveSmallIntegerField(
        _("times"), default=1, db_default=1, help_text=_("Rung so often before the next step.")
    )

    class Meta:
        verbose_name = _("ladder step")
        verbose_name_plural = _("ladder steps")
        ordering = ["ladder", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["ladder", "position"],
                name="one_step_a_place",
                violation_error_message=_("Two steps cannot stand in the same place."),
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind="roster", roster__isnull=False, person=None)
                    | models.Q(kind="person", person__isnull=False, roster=None)
                    | models.Q(kind__in=["leads", "contact", "managers"], roster=None, person=None)
                ),
                name="step_names_what_it_rings",
            ),
            models.CheckConstraint(
                condition=models.Q(times__gte=1, times__lte=10),
                name="step_is_rung_at_least_once",
                violation_error_message=_("A step is rung 1 to 10 times."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ladder} {self.position}. {self.get_kind_display()}"
