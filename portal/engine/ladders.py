"""Start, climb and stop escalation ladders when their time has come."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied

from accounts.models import Deadline, User
from accounts.viewer import Viewer
from portal import notifications
from tickets import escalation, lifecycle, page_outcomes, silence
from tickets.hotline import conversation
from tickets.models import Entry, Escalation, Page, Ticket


def start(row: Deadline, now: dt.datetime) -> None:
    """Ring the ladder, unless an engineer has answered since it was asked for.

    Called for a level, an answer by those who asked changes nothing.
    """
    ticket = lifecycle.locked_by_key(row.data["ticket"])
    level = row.data.get("level") or None
    answered = Entry.objects.filter(
        ticket=ticket, kind=Entry.Kind.REPLY, by_staff=True, at__gt=row.due_at
    )
    if level or not answered.exists():
        escalation.start(
            ticket=ticket,
            reason=Escalation.Reason(row.data["reason"]),
            now=now,
            from_level=level,
            asker=row.data.get("asker"),
        )


def step(row: Deadline, now: dt.datetime) -> None:
    """Nobody acknowledged: ring the next."""
    rung = Escalation.objects.select_related("ticket").get(pk=row.data["escalation"])
    escalation.next_step(escalation=rung, index=row.data["index"], now=now)


def acknowledge(row: Deadline, now: dt.datetime) -> None:
    """Who answers a ticket has taken it, also without pressing a button.

    Most answers are to tickets nobody is rung about, where there is nothing to do.
    """
    ticket = lifecycle.locked_by_key(row.data["ticket"])
    if not escalation.rings(ticket):
        return
    person = User.objects.get(pk=row.data["person"])
    try:
        escalation.heard_from(
            ticket=ticket,
            by=Viewer.of(person),
            is_note=row.data.get("note", False),
            said_at=row.due_at,
            now=now,
        )
    except PermissionDenied:
        pass  # they left the staff in the meantime: let it ring


def fell_silent(row: Deadline, now: dt.datetime) -> None:
    """Nobody of ours wrote in an urgent ticket for too long: ring again."""
    ticket = lifecycle.locked_by_key(row.data["ticket"])
    if silence.has_run_out(ticket, now=now):
        escalation.start(ticket=ticket, reason=Escalation.Reason.SILENCE, now=now)


def unreachable(row: Deadline, now: dt.datetime) -> None:
    """A message of a page failed for good: if all did, ring the next."""
    page = Page.objects.select_related("ticket").get(pk=row.data["page"])
    page_outcomes.unreachable(page=page, now=now)


def spoken(row: Deadline, now: dt.datetime) -> None:
    """Engineer and caller have been on the phone for a while: that is an answer."""
    conversation.spoken(leg_id=uuid.UUID(row.data["leg"]), now=now)


def report(row: Deadline, now: dt.datetime) -> None:
    """Tell the leads which steps of a ladder rang nobody."""
    rung = Escalation.objects.select_related("source").get(pk=row.data["escalation"])
    notifications.ladder_has_gaps(_ticket(row), rung, now=now)


def stop(row: Deadline, now: dt.datetime) -> None:
    """Solved: ring nobody any more, unless it was reopened since."""
    ticket = lifecycle.locked_by_key(row.data["ticket"])
    if not ticket.is_unsolved and escalation.rings(ticket):
        escalation.stop(ticket=ticket, now=now)


def _ticket(row: Deadline) -> Ticket:
    return Ticket.objects.get(pk=row.data["ticket"])
