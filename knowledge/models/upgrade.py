"""What a customer runs, and how far an upgrade has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge import versions
from knowledge.models.platform import Platform

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class RunningVersionQuerySet(models.QuerySet["RunningVersion"]):
    def visible_to(self, viewer: Viewer) -> RunningVersionQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids)


class RunningVersion(models.Model):
    """The version of a product an organization says it runs on a platform ("": on all)."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    product = models.ForeignKey(
        "knowledge.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    platform = models.CharField(
        _("platform"), max_length=12, choices=Platform.choices, blank=True, default=""
    )
    version = models.CharField(_("version"), max_length=versions.LONGEST)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects = RunningVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version in use")
        verbose_name_plural = _("versions in use")
        ordering = ["product", "platform"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product", "platform"], name="one_version_in_use"
            )
        ]

    def __str__(self) -> str:
        return self.version


class ChecklistQuerySet(models.QuerySet["UpgradeChecklist"]):
    def visible_to(self, viewer: Viewer) -> ChecklistQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids)


class UpgradeChecklist(models.Model):
    """An upgrade an organization has taken up. `known` are the items there were at that time:

    what is published later for the same way is new to them.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    product = models.ForeignKey("knowledge.Product", models.PROTECT, related_name="+")
    platform = models.CharField(max_length=12, choices=Platform.choices, blank=True, default="")
    from_version = models.CharField(max_length=versions.LONGEST)
    to_version = models.CharField(max_length=versions.LONGEST)
    known = ArrayField(models.CharField(max_length=100), default=list)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product", "platform", "from_version", "to_version"],
                name="one_checklist_an_upgrade",
            ),
            models.UniqueConstraint(
                fields=["organization", "id"], name="checklist_in_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.from_version} → {self.to_version}"

    @property
    def event_subject(self) -> str:
        return f"checklist/{self.pk}"


class ChecklistTick(models.Model):
    """Somebody has done what an item asks for. `item` is its key (`knowledge.upgrades`)."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    checklist = models.ForeignKey(UpgradeChecklist, models.CASCADE, related_name="ticks")
    item = models.CharField(max_length=100)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["checklist", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "item"], name="one_tick_an_item")
        ]

    def __str__(self) -> str:
        return self.item
