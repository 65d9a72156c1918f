"""What lets an organization's own pages say who of its members is chatting there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class WidgetKey(models.Model):
    """The secret itself is kept nowhere: it is derived, and `generation` is part of that."""

    organization = models.OneToOneField(
        "accounts.Organization", models.CASCADE, related_name="widget_key"
    )
    generation = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by_name = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("key of the chat widget")
        verbose_name_plural = _("keys of the chat widget")

    def __str__(self) -> str:
        return f"{self.organization_id}, {self.generation}"


class WidgetSession(models.Model):
    """One signed-in frame: only the SHA-256 of its key is kept.

    `nonce` is the token's own, used up by this session. Neither outlives `expires_at` (UTC).
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    nonce = models.CharField(max_length=64)
    generation = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "nonce"], name="one_use_a_nonce")
        ]
        indexes = [models.Index(fields=["expires_at"], name="widget_session_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expires_at}"
