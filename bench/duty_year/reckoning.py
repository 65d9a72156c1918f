"""What the record of the year must show, read from the rows alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from bench.duty_year.world import World
from tickets.models import Entry, Escalation, LadderStep, Page, Promise, Ticket
from tickets.models.ticket import Severity
from tickets.oncall.ladder import step_at, thawed

AT_MOST: Final = dt.timedelta(seconds=60)
RINGS: Final = (Severity.URGENT, Severity.IMPORTANT)


def unpaged_urgent() -> tuple[int, list[str]]:
    """Tickets that came in as urgent, and those whose first page took more than a minute."""
    first = dict(Page.objects.order_by("ticket_id", "-rung_at").values_list("ticket_id", "rung_at"))
    urgent = Ticket.objects.filter(
        severity_changes__before="", severity_changes__after=Severity.URGENT
    ).select_related("organization")
    count, found = 0, []
    for ticket in urgent.iterator():
        count += 1
        rung_at = first.get(ticket.pk)
        if rung_at is None or rung_at - ticket.opened_at > AT_MOST:
            found.append(f"{ticket} opened {ticket.opened_at}, first rung {rung_at}")
    return count, found


def unescalated(severities: Iterable[str]) -> list[str]:
    """Broken promises of these severities that rang nobody, though still owed a minute later."""
    ladders = _by_ticket(Escalation.objects.values_list("ticket_id", "started_at", "ended_at"))
    pages = _by_ticket(Page.objects.values_list("ticket_id", "rung_at", "rung_at"))
    found = []
    broken = Promise.objects.filter(
        breached_at__isnull=False, ticket__severity__in=severities
    ).select_related("ticket__organization")
    for promise in broken.iterator():
        at = promise.breached_at
        if at is None or (promise.met_at and promise.met_at - at <= AT_MOST):
            continue
        if promise.state == Promise.State.CANCELLED and _ended_soon(promise, at):
            continue
        is_ringing = any(
            started <= at + AT_MOST and (ended is None or ended > at)
            for started, ended in ladders[promise.ticket_id]
        )
        if not (is_ringing and pages[promise.ticket_id]):
            found.append(f"{promise.ticket}: {promise.kind} broken at {at}")
    return found


def _ended_soon(promise: Promise, at: dt.datetime) -> bool:
    last = promise.facts.order_by("id").last()
    return last is not None and last.at - at <= AT_MOST


def rung_off_duty(world: World) -> tuple[int, list[str]]:
    """How many pages of roster steps there were, and those to somebody not on duty.

    A ladder is frozen when it starts, with those on duty at each step's own time as far as
    that was known then.
    """
    kinds = {
        step.position: step.roster_id
        for step in LadderStep.objects.filter(ladder__team=world.team, kind="roster")
    }
    checked, found = 0, []
    for page in Page.objects.select_related("escalation").iterator():
        roster = _roster_of(page, kinds)
        if roster is None:
            continue
        checked += 1
        known_at = page.escalation.started_at
        at = _planned_at(page.escalation, page.step)
        if page.person_id not in world.by_hand.on_duty(roster, at, known_at=known_at):
            found.append(f"{page.person_name} at {at} for roster {roster}, page {page.pk}")
    return checked, found


def silent(minutes: int) -> list[str]:
    """Urgent tickets somebody took, where for so long nobody wrote and nobody was rung again."""
    limit = dt.timedelta(minutes=minutes) + AT_MOST
    found = []
    entries = _by_ticket(Entry.objects.filter(by_staff=True).values_list("ticket_id", "at", "at"))
    pages = _by_ticket(Page.objects.values_list("ticket_id", "rung_at", "rung_at"))
    taken = Escalation.objects.filter(
        state=Escalation.State.ACKNOWLEDGED, ticket__severity=Severity.URGENT
    ).select_related("ticket__organization")
    for row in taken.iterator():
        if row.acknowledged_at is None:
            continue
        until = row.acknowledged_at + limit
        signs = [*entries[row.ticket_id], *pages[row.ticket_id]]
        heard = any(row.acknowledged_at <= at <= until for at, _same in signs)
        solved = row.ticket.resolved_at is not None and row.ticket.resolved_at <= until
        if not heard and not solved:
            found.append(f"{row.ticket} taken at {row.acknowledged_at}")
    return found


def _roster_of(page: Page, kinds: dict[int, int | None]) -> int | None:
    frozen: dict[str, Any] = page.escalation.ladder
    if len(frozen["steps"]) != len(kinds) + 1:
        return None  # not the team's own ladder: the owner first, or a level called by hand
    return kinds.get(page.step % len(frozen["steps"]))


def _planned_at(escalation: Escalation, index: int) -> dt.datetime:
    """When the step was due to ring as the ladder was frozen; its first round counts."""
    ladder = thawed(escalation.ladder)
    at = escalation.started_at
    for before in range(index % len(ladder.steps)):
        step = step_at(ladder, before)
        if step is not None and step.people:
            at += dt.timedelta(seconds=step.after_seconds)
    return at


def _by_ticket(rows: Iterable[tuple[int, Any, Any]]) -> dict[int, list[tuple[Any, Any]]]:
    found: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for ticket, first, second in rows:
        found[ticket].append((first, second))
    return found
