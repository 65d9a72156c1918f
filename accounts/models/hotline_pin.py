"""By what PIN an organization is known on the hotline."""

from __future__ import annotations

from django.db import models


class HotlinePin(models.Model):
    """One for each organization. Only a keyed digest is kept, so it is shown once, when made.

    `contact` is the member in whose name calls open tickets; without one it is an owner.
    """

    organization = models.OneToOneField(
        "accounts.Organization", models.CASCADE, related_name="hotline_pin"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    contact = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"PIN of {self.organization_id}"
