"""Two tickets about one problem, made one; or found not to be about the same."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Join(models.Model):
    """`joined` became part of `kept`; `ended_at` is when they were split again.

    `state_before` is what `joined` was until then. `open_before` are the promises that were
    open on either side, by key: after a split each side owes its own again, by the wording it
    had then. A join that was
    `declined` never came about, and is proposed no more.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    kept = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="joins")
    joined = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="joined_by")
    declined = models.BooleanField(default=False)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField(_("joined"))
    state_before = models.CharField(max_length=8, blank=True)
    open_before = models.JSONField(default=dict)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("joined")), name="joined_to_another"),
            models.UniqueConstraint(
                fields=["joined"],
                condition=Q(ended_at=None, declined=False),
                name="joined_to_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["kept"], name="join_kept")]

    def __str__(self) -> str:
        return f"{self.joined_id} in {self.kept_id}"
