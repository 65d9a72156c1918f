"""Silence after an acknowledgement: an urgent ticket somebody took, and nobody writes in.

A deadline looks when the time would be over. It looks for the last sign of life (the
acknowledgement, the owner's taking over, a reply or note of ours, the end of waiting for the
customer), and unless the silence is long enough it is put down again for when it would be. So
writing costs nothing, and it rings at the exact second.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q

from accounts import agenda
from accounts.models import Deadline, Event
from tickets.models import Entry, Escalation, Holding, Join, Ticket
from tickets.models.ticket import Severity, State

DEADLINE: Final = "ladder.silence"
# It rings, or will again as soon as there is anybody to ring.
STILL_WANTED: Final = (Escalation.State.RINGING, Escalation.State.EXHAUSTED)


def plan(ticket: Ticket, *, now: dt.datetime) -> None:
    """Look when the silence would be over; one open deadline a ticket."""
    over_at = ends_at(ticket)
    agenda.strike(subject=ticket.event_subject, kind=DEADLINE, now=now)
    if over_at is not None:
        _look(ticket, max(over_at, now))


def has_run_out(ticket: Ticket, *, now: dt.datetime) -> bool:
    """Whether nobody wrote for too long; the caller holds the ticket's lock.

    If somebody did write, the next look is put down. Nothing runs while the customer's answer
    is awaited, while it rings, or once the ticket is solved or not urgent any more.
    """
    over_at = ends_at(ticket)
    if over_at is None:
        return False
    if over_at > now:
        _look(ticket, over_at)
        return False
    return True


def ends_at(ticket: Ticket) -> dt.datetime | None:
    """When the silence will have lasted too long (UTC); None when nobody listens for one."""
    if ticket.severity != Severity.URGENT or not ticket.is_unsolved:
        return None
    if ticket.state == State.WAITING:
        return None
    ladders = Escalation.objects.filter(ticket=ticket).order_by("-id")
    last = ladders.first()
    if last is not None and last.state in STILL_WANTED:
        return None
    taken = _acknowledged(ticket)
    if last is None and taken is None:
        return None
    taken_over_at = _taken_over(ticket)
    if taken is None and taken_over_at is None:
        return None
    signs = [
        taken.acknowledged_at if taken else None,
        taken_over_at,
        _last_word(ticket),
        _last_waited(ticket),
    ]
    seconds = next(one.silence_seconds for one in (taken, last) if one is not None)
    return max(at for at in signs if at) + dt.timedelta(seconds=seconds)


def _look(ticket: Ticket, at: dt.datetime) -> None:
    """Put the look down, under a key of its own: one struck before may name the same instant.

    The caller holds the ticket's lock; a handler that is repeated finds the same number again.
    """
    looks = Deadline.objects.filter(subject=ticket.event_subject, kind=DEADLINE).count()
    agenda.schedule(
        kind=DEADLINE,
        key=f"silence:{ticket.pk}:{at.isoformat()}:{looks}",
        due_at=at,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
    )


def _acknowledged(ticket: Ticket) -> Escalation | None:
    """The last ladder somebody acknowledged, of the ticket or of one that is part of it."""
    parts = Join.objects.filter(kept=ticket, declined=False, ended_at=None).values("joined")
    taken = Escalation.objects.filter(
        Q(ticket=ticket) | Q(ticket__in=parts), state=Escalation.State.ACKNOWLEDGED
    )
    return taken.order_by("-acknowledged_at", "-id").first()


def _taken_over(ticket: Ticket) -> dt.datetime | None:
    """When the owner took the ticket over; None while it is nobody's."""
    last = Holding.objects.filter(ticket=ticket).order_by("since", "id").last()
    return last.since if last is not None and last.person_id is not None else None


def _last_word(ticket: Ticket) -> dt.datetime | None:
    """When somebody of ours last wrote, to the customer or a note."""
    words = Entry.objects.filter(ticket=ticket, by_staff=True).order_by("-at")
    return words.values_list("at", flat=True).first()


def _last_waited(ticket: Ticket) -> dt.datetime | None:
    """When waiting for the customer was last over: it ends with a reply."""
    replies = Event.objects.filter(
        organization=ticket.organization_id,
        subject=ticket.event_subject,
        verb="ticket.replied",
        data__before=State.WAITING,
    )
    return replies.order_by("-id").values_list("at", flat=True).first()
