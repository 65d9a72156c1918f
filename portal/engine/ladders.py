"""Start, climb and stop escalation ladders when their time has come."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied

from accounts.models import Deadline, User
from accounts.viewer import Viewer
from tickets import escalation, lifecycle
from tickets.models import Entry, Escalation, Ticket


def start(row: Deadline, now: dt.datetime) -> None:
    """Ring the ladder, unless an engineer has answered since it was asked for."""
    ticket = lifecycle.locked(_ticket(row))
    answered = Entry.objects.filter(
        ticket=ticket, kind=Entry.Kind.REPLY, by_staff=True, at__gt=row.due_at
    )
    if not answered.exists():
        escalation.start(ticket=ticket, reason=Escalation.Reason(row.data["reason"]), now=now)


def step(row: Deadline, now: dt.datetime) -> None:
    """Nobody acknowledged: ring the next."""
    rung = Escalation.objects.select_related("ticket").get(pk=row.data["escalation"])
    escalation.next_step(escalation=rung, index=row.data["index"], now=now)


def acknowledge(row: Deadline, now: dt.datetime) -> None:
    """Who answers a ticket has taken it, also without pressing a button."""
    person = User.objects.get(pk=row.data["person"])
    try:
        escalation.acknowledge(ticket=_ticket(row), by=Viewer.of(person), now=now, takes_over=False)
    except escalation.NothingRinging:
        pass  # nobody was being rung: the usual answer
    except PermissionDenied:
        pass  # they left the staff in the meantime: let it ring


def stop(row: Deadline, now: dt.datetime) -> None:
    """Solved: ring nobody any more, unless it was reopened since."""
    ticket = lifecycle.locked(_ticket(row))
    if not ticket.is_unsolved:
        escalation.stop(ticket=ticket, now=now)


def _ticket(row: Deadline) -> Ticket:
    return Ticket.objects.get(pk=row.data["ticket"])
