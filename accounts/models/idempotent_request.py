"""The answer an API request already had, by its Idempotency-Key."""

from __future__ import annotations

from django.db import models


class IdempotentRequest(models.Model):
    """Kept so that a repeated request gets the first answer and has no second effect.

    `body` is JSON as text: jsonb would give its keys back in another order.
    """

    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    token = models.ForeignKey("accounts.ApiToken", models.CASCADE)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_idempotency_key")
        ]

    def __str__(self) -> str:
        return self.key
