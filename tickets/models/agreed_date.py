"""A date the customer and we agreed to wait for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreedDate(models.Model):
    """While it is open, clocks whose policy says so wait for `until`; both sides read why.

    It ends at that instant, when the customer writes, when staff end it, or with the ticket.
    """

    class Ending(models.TextChoices):
        REACHED = "reached", _("the date came")
        WRITTEN = "written", _("the customer wrote")
        ENDED = "ended", _("ended by hand")
        SOLVED = "solved", _("solved before")
        REPLACED = "replaced", _("another date was agreed")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="agreed_dates")
    until = models.DateTimeField(_("agreed date"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(ended_at=None),
                name="one_agreed_date_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"until {self.until:%Y-%m-%d %H:%M}"
