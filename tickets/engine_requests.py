"""What a verb asks the engine to do as soon as it can: tell people, ring them, stop ringing.

A customer's transaction may read neither rosters nor addresses, so it only puts rows into
the agenda that are due at once; the engine does the rest in its own role.
"""

from __future__ import annotations

import datetime as dt

from accounts import agenda
from tickets.models import Entry, Ticket


def announce(ticket: Ticket, event_id: int, *, now: dt.datetime) -> None:
    """Have those concerned told by mail; the engine works out who they are."""
    agenda.schedule(
        kind="event.announce",
        key=f"announce:{event_id}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        event=event_id,
    )


def ring(
    ticket: Ticket, *, reason: str, now: dt.datetime, level: str = "", asker: int | None = None
) -> None:
    """Have the ladder rung; the engine reads the roster, which customers' pages may not.

    With a `level` those of at least that level are, but for the person who asks.
    """
    agenda.schedule(
        kind="ladder.start",
        key=f"ladder:{ticket.pk}:{reason}:{ticket.cycle}:{now.isoformat()}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
        reason=reason,
        **({"level": level, "asker": asker} if level else {}),
    )


def silence(ticket: Ticket, *, now: dt.datetime, key: str) -> None:
    """Have nobody rung about it any more."""
    agenda.schedule(
        kind="ladder.stop",
        key=f"silence:{key}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
    )


def wrote(ticket: Ticket, entry: Entry, *, now: dt.datetime) -> None:
    """Somebody of ours wrote: who answers has taken the ticket, if it rings."""
    agenda.schedule(
        kind="ladder.acknowledge",
        key=f"answered:{entry.pk}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
        person=entry.author_id,
        note=entry.is_note,
    )


def listen(ticket: Ticket, *, now: dt.datetime) -> None:
    """Waiting for the customer is over: from now on our silence counts again."""
    agenda.schedule(
        kind="ladder.silence",
        key=f"listen:{ticket.pk}:{now.isoformat()}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
    )
