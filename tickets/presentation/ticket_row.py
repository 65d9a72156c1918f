"""One line of a ticket list: what it is, and which promise runs out next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from tickets.models import Promise, Ticket
from tickets.models.ticket import State
from tickets.presentation.promise_cells import PromiseCell, Status, nearest, promise_cells

# Nearer than this a promise counts down; farther away its time of day says more.
SOON: Final = dt.timedelta(hours=1)
_NOUNS: Final = {
    Promise.Kind.RESPONSE: _("answer"),
    Promise.Kind.UPDATE: _("update"),
    Promise.Kind.RESOLUTION: _("solution"),
}


@dataclass(frozen=True, slots=True)
class TicketRow:
    """`noun` is what is promised ("answer") and `promise` its clock; both empty without one."""

    ticket: Ticket
    promise: PromiseCell | None
    noun: str
    soon: bool

    @property
    def reference(self) -> str:
        return self.ticket.reference

    @property
    def waits_for_customer(self) -> bool:
        return self.ticket.state == State.WAITING

    @property
    def overdue(self) -> bool:
        return self.promise is not None and self.promise.status == Status.OVERDUE

    @property
    def at_risk(self) -> bool:
        return self.promise is not None and self.promise.status == Status.AT_RISK


def ticket_rows(
    tickets: Iterable[Ticket], promises: Iterable[Promise], now: dt.datetime
) -> list[TicketRow]:
    """Rows in the order of `tickets`; `promises` are the open ones of all of them."""
    of_ticket: dict[int, list[Promise]] = {}
    for promise in promises:
        of_ticket.setdefault(promise.ticket_id, []).append(promise)
    return [_row(ticket, of_ticket.get(ticket.pk, []), now) for ticket in tickets]


def _row(ticket: Ticket, promises: list[Promise], now: dt.datetime) -> TicketRow:
    cell = nearest(promise_cells(promises, now))
    return TicketRow(
        ticket=ticket,
        promise=cell,
        noun=str(_NOUNS[Promise.Kind(cell.kind)]) if cell else "",
        soon=bool(cell and cell.due_at and cell.due_at - now < SOON),
    )
