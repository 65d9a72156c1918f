"""What must be looked at later: a promise running out, an escalation step, a reminder."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deadline(models.Model):
    """Handled by the engine in one transaction with all its consequences, so exactly once.

    `claimable_at` starts as `due_at` and moves only when handling fails and is tried again;
    the partial index on it holds nothing but open rows, so a tick costs the same with ten
    open tickets or a million. `key` names the one thing this row is about: inserting it a
    second time changes nothing. After too many failures `failed_at` is set, and the row
    waits, visible, in quarantine.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, null=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    claimable_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes = [
            models.Index(
                fields=["claimable_at"],
                condition=models.Q(settled_at=None, failed_at=None),
                name="deadline_claimable",
            ),
            models.Index(
                fields=["subject", "kind"],
                condition=models.Q(settled_at=None, failed_at=None),
                name="deadline_open_subject",
            ),
            models.Index(
                fields=["kind"],
                condition=models.Q(settled_at=None, failed_at__isnull=False),
                name="deadline_in_quarantine",
            ),
        ]

    def __str__(self) -> str:
        return self.key
