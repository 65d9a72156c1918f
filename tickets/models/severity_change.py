"""The severity ledger: who wanted which severity, why, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Severity


class SeverityChange(models.Model):
    """One row per wish. A proposal is answered by filling its outcome in, once."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("in force")
        PROPOSED = "proposed", _("waiting for the customer's consent")
        AGREED = "agreed", _("agreed by the customer")
        REFUSED = "refused", _("refused by the customer")
        DECIDED = "decided", _("decided by a lead")
        SUPERSEDED = "superseded", _("overtaken")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="severity_changes")
    before = models.CharField(max_length=9, choices=Severity.choices, blank=True)
    after = models.CharField(max_length=9, choices=Severity.choices)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    by_staff = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(outcome="proposed"),
                name="one_severity_proposal_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
