"""The ticket's row as each verb takes it, puts it back and puts a change of state on record."""

from __future__ import annotations

import datetime as dt
from typing import Final

from accounts import events, rows
from accounts.viewer import Viewer
from tickets import engine_requests
from tickets.models import Ticket

# What these verbs change of a ticket. Its severity is its own ledger's affair.
_CHANGING: Final = (
    *("state", "owner", "cycle", "resolved_at", "closed_at", "updated_at"),
    *("product", "platform", "sdk_version", "environment"),
)


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends."""
    return locked_by_key(ticket.pk)


def locked_by_key(pk: int) -> Ticket:
    """The same, for who knows no more of it than its key."""
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("organization", "product")
        .get(pk=pk)
    )


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
