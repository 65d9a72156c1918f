"""A shift change in the demo: a drill that was answered, a ticket that waits to be accepted."""

from __future__ import annotations

import datetime as dt

from accounts.models import Deadline, Delivery, User
from accounts.viewer import Viewer
from tickets import handover
from tickets.models import Handover, ReachabilityDrill, Roster, Ticket
from tickets.models.ticket import UNSOLVED, Severity
from tickets.oncall import duty

ANSWERED_AFTER = dt.timedelta(seconds=22)
NOTE = (
    "Their shard 7 falls behind since the last release; a restart helps for about an hour."
    " Bob collects the heap dumps. Next: compare them with yesterday's."
)


def play(staff: dict[str, User], now: dt.datetime) -> None:
    """Everybody on duty was reached; an urgent ticket waits for the engineer who logs in."""
    for roster in Roster.objects.order_by("pk"):
        _reached(roster, now)
    _hand_over(staff, now)


def _reached(roster: Roster, now: dt.datetime) -> None:
    asked = now - dt.timedelta(hours=2)
    for person in duty.on_duty(roster, now):
        if ReachabilityDrill.objects.filter(person=person).exists():
            continue
        ReachabilityDrill.objects.create(
            roster=roster,
            person=person,
            person_name=person.name,
            shift_starts_at=asked + dt.timedelta(minutes=15),
            shift_ends_at=now + dt.timedelta(hours=8),
            asked_at=asked,
            confirm_by=asked + dt.timedelta(minutes=10),
            confirmed_at=asked + ANSWERED_AFTER,
            outcome=ReachabilityDrill.Outcome.REACHED,
        )


def _hand_over(staff: dict[str, User], now: dt.datetime) -> None:
    to = next(one for one in staff.values() if one.email == "engineer@vigil.example")
    ticket = (
        Ticket.objects.filter(severity=Severity.URGENT, state__in=UNSOLVED)
        .exclude(owner=None)
        .exclude(owner=to)
        .select_related("owner")
        .order_by("-opened_at")
        .first()
    )
    if ticket is None or ticket.owner is None:
        return
    by = Viewer.of(User.objects.get(pk=ticket.owner.pk))
    made = handover.propose(ticket=ticket, by=by, to=to, note=NOTE, now=now)
    # Told in the story; the engine pages nobody about it today.
    Handover.objects.filter(pk=made.pk).update(accept_by=None)
    Deadline.objects.filter(subject=made.event_subject).update(settled_at=now)
    Delivery.objects.filter(subject=made.event_subject).update(sent_at=now)
