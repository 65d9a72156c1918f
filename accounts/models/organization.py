"""A customer: the tenant everything of theirs belongs to."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.plans import PLANS, Plan
from accounts.scenarios import PRESETS, PeakSpan, Scenario
from accounts.time_zones import known_time_zone


class Organization(models.Model):
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    key = models.CharField(
        _("ticket prefix"),
        max_length=6,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Z][A-Z0-9]{1,5}$", _("2 to 6 capital letters or digits."))
        ],
        help_text=_("Stands before every ticket number: STAR-42."),
    )
    plan = models.CharField(
        _("plan"), max_length=12, choices=[(plan.key, plan.name) for plan in PLANS.values()]
    )
    scenario = models.CharField(
        _("scenario"), max_length=10, choices=Scenario.choices, blank=True, default=""
    )
    scenario_note = models.CharField(_("scenario, in words"), max_length=80, blank=True, default="")
    peak_hours = models.CharField(
        _("remark on peak hours"),
        max_length=80,
        blank=True,
        help_text=_("The hours themselves stand below; this is for people only."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="UTC", validators=[known_time_zone]
    )
    dedicated_contact = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dedicated contact"),
        limit_choices_to={"is_staff": True},
    )
    ticket_count = models.PositiveIntegerField(_("tickets so far"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def scenario_words(self) -> str:
        return self.scenario_note or (self.get_scenario_display() if self.scenario else "")

    @property
    def peaks(self) -> list[PeakSpan]:
        """The customer's own peak hours; without any, the usual ones of their scenario."""
        own = [row.span for row in self.peaks_of_its_own.all()]
        return own or self.usual_peaks

    @property
    def usual_peaks(self) -> list[PeakSpan]:
        """When customers of this scenario usually have their peaks."""
        return list(PRESETS.get(self.scenario, ()))

    @property
    def entitlements(self) -> Plan:
        return PLANS[self.plan]
