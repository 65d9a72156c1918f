"""The ticket's row as each verb takes it, puts it back and puts a change of state on record.

Locks are taken in one order everywhere: tickets, several by key; then what belongs to a ticket
(promises, ladders and their pages, chats, calls, handovers). Joining and splitting hold two tickets
while they move what belongs to them, so whoever begins with such a row uses `locked_where`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from accounts import events, rows
from accounts.viewer import Viewer
from tickets import engine_requests
from tickets.models import AgreedDate, Ticket

# What these verbs change of a ticket. Its severity is its own ledger's affair.
_CHANGING: Final = (
    *("state", "owner", "cycle", "resolved_at", "closed_at", "updated_at"),
    *("product", "platform", "sdk_version", "environment"),
)
_in_hand: Final[ContextVar[dict[int, Ticket] | None]] = ContextVar("in_hand", default=None)


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends."""
    return locked_by_key(ticket.pk)


def locked_by_key(pk: int) -> Ticket:
    """The same, for who knows no more of it than its key."""
    ticket = (_in_hand.get() or {}).pop(pk, None)
    return _lockable().get(pk=pk) if ticket is None else ticket


@contextmanager
def locked_together(keys: Collection[int]) -> Iterator[None]:
    """Lock these tickets by one statement, in the order of their keys, with their agreed dates.

    Whoever then asks for one of them locked, gets it from here, once. Around verbs in one
    transaction that write in one ticket each.
    """
    dates = Prefetch(
        "agreed_dates", AgreedDate.objects.filter(ended_at=None), to_attr="open_agreed_dates"
    )
    found = _lockable().filter(pk__in=keys).order_by("pk").prefetch_related(dates) if keys else ()
    token = _in_hand.set({ticket.pk: ticket for ticket in found})
    try:
        yield
    finally:
        _in_hand.reset(token)


def _lockable() -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update(of=("self",)).select_related("organization", "product")


def locked_where(find: Callable[[], int]) -> Ticket:
    """Lock the ticket that something belongs to; `find` reads its key.

    A locked ticket keeps what belongs to it. Was it moved while the lock was waited for, the lock
    is given back and it begins anew: nobody holds one ticket and then takes another out of turn.
    """
    while True:
        with suppress(_Moved), transaction.atomic():
            ticket = locked_by_key(find())
            if find() != ticket.pk:
                raise _Moved
            return ticket


class _Moved(Exception):
    """It belongs to another ticket by now."""


def save(ticket: Ticket, *, now: dt.datetime) -> None:
    """Store what these verbs may change of a ticket the caller has locked."""
    ticket.updated_at = now
    rows.update(ticket, _CHANGING)


def state_changed(ticket: Ticket, verb: str, *, by: Viewer, before: str, now: dt.datetime) -> None:
    """Record that the ticket went from the state `before` to its present one, and announce it."""
    event = events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        before=before,
        after=str(ticket.state),
    )
    engine_requests.announce(ticket, event.pk, now=now)
