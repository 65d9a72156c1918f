"""Who held a ticket since when: what the time of a promise is charged to."""

from __future__ import annotations

from django.db import models


class Holding(models.Model):
    """Append-only: from `since` on the ticket was this person's, or nobody's (None).

    Name and level are those of then. Before its first row a ticket is nobody's.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="holdings")
    person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=80, blank=True)
    person_level = models.CharField(max_length=4, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["ticket", "since"], name="holding_ticket")]

    def __str__(self) -> str:
        return f"{self.person_name or 'nobody'} since {self.since:%H:%M:%S}"
