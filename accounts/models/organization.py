"""A customer: the tenant everything of theirs belongs to."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.plans import PLANS, Plan


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
    scenario = models.CharField(_("scenario"), max_length=80, blank=True)
    peak_hours = models.CharField(_("peak hours"), max_length=80, blank=True)
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
    def entitlements(self) -> Plan:
        return PLANS[self.plan]
