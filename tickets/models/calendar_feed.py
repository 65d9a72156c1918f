"""A calendar of shifts that a calendar program fetches by a secret address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarFeed(models.Model):
    """`owner`'s own shifts or, with a `team`, everybody's in that team, for them to follow.

    Only the SHA-256 of the address's token is kept. `published` remembers what was last told
    of each shift, so that a changed one gets a higher sequence number. Whoever leaves the
    staff takes their feeds along.
    """

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    team = models.ForeignKey("tickets.Team", models.CASCADE, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    published = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "team"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_feed_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} of {self.team_id or 'their own'}"
