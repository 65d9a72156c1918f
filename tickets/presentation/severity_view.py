"""Both sides' view of how severe it is, and what came of each wish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.models import SeverityChange, Ticket
from tickets.models.ticket import Severity

Outcome = SeverityChange.Outcome
IN_FORCE = (Outcome.APPLIED, Outcome.AGREED, Outcome.DECIDED)


@dataclass(frozen=True, slots=True)
class SeverityView:
    """`set_by` brought the severity in force about; `proposal` waits for the customer's word."""

    in_force: Severity
    customer: Severity
    staff: Severity | None
    set_by: SeverityChange | None
    proposal: SeverityChange | None
    ledger: Sequence[SeverityChange]

    @property
    def both_agree(self) -> bool:
        return self.staff is not None and self.staff == self.customer

    @property
    def others(self) -> list[Severity]:
        """What it could be changed to, the most urgent first."""
        return [severity for severity in Severity if severity != self.in_force]


def severity_view(ticket: Ticket, ledger: Sequence[SeverityChange]) -> SeverityView:
    """`ledger` is all of a ticket's changes, oldest first."""
    in_force = [row for row in ledger if row.outcome in IN_FORCE]
    proposed = [row for row in ledger if row.outcome == Outcome.PROPOSED]
    return SeverityView(
        in_force=Severity(ticket.severity),
        customer=Severity(ticket.customer_severity),
        staff=Severity(ticket.staff_severity) if ticket.staff_severity else None,
        set_by=in_force[-1] if in_force else None,
        proposal=proposed[-1] if proposed else None,
        ledger=ledger,
    )
