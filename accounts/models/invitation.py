"""An invitation into an organization, for one e-mail address, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Role

if TYPE_CHECKING:
    import datetime as dt

    from accounts.viewer import Viewer


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, viewer: Viewer) -> InvitationQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids)

    def open(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; it may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def valid(self, now: dt.datetime) -> InvitationQuerySet:
        """Open, and not run out: it can be accepted, and it holds a seat."""
        return self.open().filter(expires_at__gt=now)


class Invitation(models.Model):
    """Only the SHA-256 of the link's token is kept; the link itself exists in the mail alone."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    language = models.CharField(max_length=10, default="en")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organization_id}"

    @property
    def event_subject(self) -> str:
        return f"invitation/{self.pk}"
