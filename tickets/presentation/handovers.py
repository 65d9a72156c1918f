"""Handovers for showing: whose turn it is, what waits for whom, and what is to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from accounts.viewer import Viewer
from tickets.models import Handover, Promise, ReachabilityDrill, Ticket
from tickets.models.handover import State
from tickets.models.ticket import Severity
from tickets.oncall.staff_turns import Colleague

RECENT: Final = 12
DRILL_SHOWN: Final = dt.timedelta(hours=24)
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


@dataclass(slots=True)
class _Pile:
    names: dict[str, None] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    tickets: list[Ticket] = field(default_factory=list)
    notes: int = 0


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


def cards(
    tickets: Iterable[Ticket],
    waiting: Iterable[Handover],
    colleagues: Iterable[Colleague],
    now: dt.datetime,
) -> list[Card]:
    """What is handed over now and in the coming day, the earliest first.

    `tickets` are urgent and unsolved (`owned_urgent`), `waiting` what `standing` gave.
    """
    by_ticket = {handover.ticket_id: handover for handover in waiting}
    people = {one.pk: one for one in colleagues}
    piles: dict[tuple[bool, dt.datetime], _Pile] = {}
    for ticket in tickets:
        handover = by_ticket.get(ticket.pk)
        owner = people.get(ticket.owner_id or 0)
        if handover is not None and handover.is_proposed:
            at: dt.datetime | None = handover.changes_at or handover.proposed_at
        elif handover is not None and handover.changes_at:
            at = handover.changes_at
        else:
            at = owner.until if owner else None
        if at is None or at > now + AHEAD:
            continue
        is_due = handover is not None and handover.is_proposed
        pile = piles.setdefault((not is_due, at), _Pile())
        pile.tickets.append(ticket)
        pile.names[owner.name if owner else handover.from_name if handover else ""] = None
        if handover is not None and handover.note:
            pile.notes += 1
        if handover is not None and is_due:
            pile.waiting[handover.to_name or "?"] = None
    return [
        Card(at, tuple(pile.names), tuple(pile.waiting), tuple(pile.tickets), pile.notes)
        for (_later, at), pile in sorted(piles.items(), key=lambda entry: entry[0])
    ]


def owned_urgent(viewer: Viewer) -> QuerySet[Ticket]:
    """The urgent unsolved tickets somebody is responsible for."""
    return (
        Ticket.objects.visible_to(viewer)
        .unsolved()
        .filter(severity=Severity.URGENT)
        .exclude(owner=None)
        .select_related("organization", "product")
        .order_by("pk")
    )


def my_drills(viewer: Viewer, now: dt.datetime) -> list[ReachabilityDrill]:
    """Drills the reader has not answered, while an answer still matters."""
    if viewer.user is None:
        return []
    Outcome = ReachabilityDrill.Outcome
    late = Q(outcome=Outcome.SILENT, shift_starts_at__gt=now)
    rows = ReachabilityDrill.objects.filter(Q(outcome=Outcome.ASKED) | late, person=viewer.user)
    return list(rows.select_related("roster__team").order_by("shift_starts_at"))


def answered(now: dt.datetime) -> dict[int, ReachabilityDrill]:
    """Each person's latest drill of the last day, by the key of the person."""
    found: dict[int, ReachabilityDrill] = {}
    rows = ReachabilityDrill.objects.filter(asked_at__gt=now - DRILL_SHOWN)
    for drill in rows.exclude(outcome=ReachabilityDrill.Outcome.MOOT).order_by("asked_at", "pk"):
        found[drill.person_id] = drill
    return found
