"""What a person of staff is qualified for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    L1 = "L1", "L1"
    L2 = "L2", "L2"
    L3 = "L3", "L3"
    LEAD = "lead", _("Lead")


class StaffProfile(models.Model):
    """`products` holds product keys: the products themselves live one app to the right.

    They are those of the person's skills (`tickets.models.Skill`), kept by a trigger there and
    never written by hand.
    """

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="staff_profile")
    level = models.CharField(_("level"), max_length=4, choices=Level.choices)
    is_manager = models.BooleanField(_("manages staff, rosters and plans"), default=False)
    years = models.PositiveSmallIntegerField(_("years of experience"), default=0)
    title = models.CharField(_("title"), max_length=80, blank=True)
    products = ArrayField(models.CharField(max_length=20), verbose_name=_("products"), default=list)
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages"), default=list
    )

    class Meta:
        verbose_name = _("staff profile")
        verbose_name_plural = _("staff profiles")

    def __str__(self) -> str:
        return f"{self.user_id} ({self.level})"

    @property
    def is_lead(self) -> bool:
        return self.level == Level.LEAD
