"""What a shift's end asks for: urgent tickets of whoever goes off duty are handed over."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from itertools import pairwise

from bench.duty_year.record import AT_MOST, Record
from bench.duty_year.world import LENGTH, START, World
from tickets.models import Handover
from tickets.models.ticket import Severity

MOMENT = dt.timedelta(seconds=1)
Found = tuple[int, list[str]]


def not_handed_over(world: World, record: Record, until: dt.datetime) -> Found:
    """Shift ends at which somebody still held an urgent ticket, and it was not proposed on."""
    ends = _candidates(world)
    count, found = 0, []
    for ticket, since, end, person in _held(record, until):
        for at in ends[bisect_left(ends, since + MOMENT) : bisect_left(ends, end - AT_MOST)]:
            if not _goes(world, person, at) or not _is_urgent(record, ticket, at):
                continue
            count += 1
            if not any(_covers(one, person, at) for one in record.handovers[ticket]):
                found.append(f"{record.names[ticket]}: {person} went off duty at {at}")
    return count, found


def unheard(record: Record, until: dt.datetime) -> Found:
    """Proposals nobody accepted: paged when the time was over, then rung, or moot by then."""
    count, found = 0, []
    for rows in record.handovers.values():
        for row in rows:
            if row.proposed_at is None or row.accept_by is None or row.by_hand:
                continue
            count += 1
            if row.accept_by + AT_MOST < until and row.state == "proposed":
                if record.severity(row.ticket_id, row.accept_by) == Severity.URGENT:
                    found.append(f"{record.names[row.ticket_id]}: proposed to {row.to_name}")
    return count, found


def _candidates(world: World) -> list[dt.datetime]:
    """Every instant at which anybody's duty may end, by the plans and by what was changed."""
    found: set[dt.datetime] = set()
    for change in world.by_hand.changes:
        found |= {change.starts_at, change.ends_at, change.created_at}
        found |= {change.cancelled_at} if change.cancelled_at else set()
    for versions in world.by_hand.versions.values():
        found |= {since for since, _turns in versions if since.year > 1}
        for _since, turns in versions:
            found |= set(turns.ends(START, START + LENGTH + dt.timedelta(days=20)))
    return sorted(found)


def _goes(world: World, person: int, at: dt.datetime) -> bool:
    """Whether that person goes off duty then, and is on no other roster."""

    def on(instant: dt.datetime) -> bool:
        return any(
            person in world.by_hand.on_duty(roster.pk, instant, known_at=instant)
            for roster in world.rosters
        )

    return on(at - MOMENT) and not on(at)


def _held(record: Record, until: dt.datetime) -> list[tuple[int, dt.datetime, dt.datetime, int]]:
    """Who held which ticket from when to when, of tickets that ever were urgent."""
    found = []
    for ticket in record.urgent_at:
        rows = [*record.holders[ticket], (until, None)]
        for (since, person), (end, _next) in pairwise(rows):
            if person is not None:
                found.append((ticket, since, end, person))
    return found


def _is_urgent(record: Record, ticket: int, at: dt.datetime) -> bool:
    """Urgent and unsolved, and still so a minute later."""
    return all(
        record.is_open(ticket, one) and record.severity(ticket, one) == Severity.URGENT
        for one in (at - MOMENT, at + AT_MOST)
    )


def _covers(one: Handover, person: int, at: dt.datetime) -> bool:
    """Whether it was proposed for this change within a minute, or stood proposed already."""
    if one.from_person_id != person or one.proposed_at is None:
        return False
    return one.asked_at <= at + AT_MOST and (one.ended_at is None or one.ended_at > at)
