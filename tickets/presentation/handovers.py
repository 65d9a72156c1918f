"""Handovers for showing: whose turn it is, what waits for whom, and what is to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from accounts.viewer import Viewer
from tickets.models import Handover, Promise, ReachabilityDrill, Ticket
from tickets.models.handover import State
from tickets.models.ticket import Severity
from tickets.oncall.staff_turns import Colleague
from tickets.presentation.handover_lines import HandoverLine, handover_rows

RECENT: Final = 12
AHEAD: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Card:
    """Urgent tickets that change hands together, `at` (UTC) that moment.

    `waiting_for` names who is to accept, once they are proposed; before, `notes` says how many
    of them have a note.
    """

    at: dt.datetime
    from_names: tuple[str, ...] = ()
    waiting_for: tuple[str, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    notes: int = 0

    @property
    def is_due(self) -> bool:
        return bool(self.waiting_for)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One ticket of a card."""

    ticket: Ticket
    from_name: str
    waiting_for: str
    has_note: bool


def shown(viewer: Viewer) -> QuerySet[Handover]:
    """Handovers with all a line shows of them. Only staff may read any."""
    if not viewer.is_staff:
        return Handover.objects.none()
    running = Promise.objects.filter(state=Promise.State.RUNNING).order_by("due_at")
    return Handover.objects.select_related("ticket__organization", "roster__team").prefetch_related(
        Prefetch("ticket__promises", running, to_attr="running")
    )


def standing(viewer: Viewer) -> list[Handover]:
    """Everything that waits for a note or for somebody to accept, the oldest first."""
    rows = shown(viewer) & Handover.objects.standing()
    return list(rows.order_by("asked_at", "pk"))


def recent(viewer: Viewer) -> list[Handover]:
    rows = shown(viewer).filter(state=State.ACCEPTED)
    return list(rows.order_by("-accepted_at")[:RECENT])


def owned_urgent(viewer: Viewer) -> list[Any]:
    """The urgent unsolved tickets somebody is responsible for, with their handovers."""
    return list(
        Ticket.objects.visible_to(viewer)
        .unsolved()
        .filter(severity=Severity.URGENT)
        .exclude(owner=None)
        .select_related("organization")
        .annotate(handover_rows=handover_rows())
        .order_by("pk")
    )


def cards(tickets: Iterable[Any], colleagues: Iterable[Colleague], now: dt.datetime) -> list[Card]:
    """What is handed over now and in the coming day, the earliest first.

    `tickets` are as `owned_urgent` gives them. What is proposed counts from the change it was
    proposed at, by hand from now; the rest from the end of its owner's shift.
    """
    people = {one.pk: one for one in colleagues}
    piles: dict[tuple[bool, dt.datetime], list[_Leaf]] = {}
    for ticket in tickets:
        lines = [HandoverLine.of(row) for row in ticket.handover_rows]
        handover = next((line for line in lines if line.stands_for(ticket)), None)
        owner = people.get(ticket.owner_id)
        is_due = handover is not None and handover.is_proposed
        at = handover.changes_at if handover else owner.until if owner else None
        if is_due:
            at = at or now
        if at is None or at > now + AHEAD:
            continue
        leaf = _Leaf(
            ticket,
            owner.name if owner else handover.from_name if handover else "",
            handover.to_whom if handover and is_due else "",
            bool(handover and handover.note),
        )
        piles.setdefault((not is_due, at), []).append(leaf)
    return [_card(at, piles[later, at]) for later, at in sorted(piles)]


def _card(at: dt.datetime, leaves: list[_Leaf]) -> Card:
    return Card(
        at,
        tuple(dict.fromkeys(leaf.from_name for leaf in leaves)),
        tuple(dict.fromkeys(leaf.waiting_for for leaf in leaves if leaf.waiting_for)),
        tuple(leaf.ticket for leaf in leaves),
        sum(leaf.has_note for leaf in leaves),
    )


def my_drills(viewer: Viewer, now: dt.datetime) -> list[ReachabilityDrill]:
    """Drills the reader has not answered, while an answer still matters."""
    if viewer.user is None:
        return []
    Outcome = ReachabilityDrill.Outcome
    late = Q(outcome=Outcome.SILENT, shift_starts_at__gt=now)
    rows = ReachabilityDrill.objects.filter(Q(outcome=Outcome.ASKED) | late, person=viewer.user)
    return list(rows.select_related("roster__team").order_by("shift_starts_at"))
