"""That customers were told of a release, and who of them wants no such mails."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.release import Release


class ReleaseAnnouncement(models.Model):
    """There is at most one of a release."""

    release = models.OneToOneField(Release, models.CASCADE, related_name="announcement")
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(_("announced"))

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return f"{self.release_id}"


class ReleaseMailMute(models.Model):
    """A member who wants no mails about releases in that organization."""

    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="mute_releases_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"
