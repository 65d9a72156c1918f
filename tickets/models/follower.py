"""Who wants to hear of a ticket besides its reporter and owner."""

from __future__ import annotations

from django.db import models


class Follower(models.Model):
    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="followers")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="follow_a_ticket_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.ticket_id}"
