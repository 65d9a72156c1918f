"""Who belongs to which organization, in which role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Role

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, viewer: Viewer) -> MembershipQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids)


class Membership(models.Model):
    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.organization_id}"

    @property
    def event_subject(self) -> str:
        return f"member/{self.user_id}"
