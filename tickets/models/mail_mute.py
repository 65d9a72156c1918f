"""Who wants no more mails about a ticket, though they opened or follow it."""

from __future__ import annotations

from django.db import models


class MailMute(models.Model):
    organization = models.ForeignKey("accounts.Organization", models.CASCADE)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="mail_mutes")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="mute_a_ticket_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} muted {self.ticket_id}"
