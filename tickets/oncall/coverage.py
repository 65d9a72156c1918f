"""How many qualified people are on duty in each hour, and where nobody is. Pure.

Per need (product, language, level) one sweep over the shifts of those who meet it: the cost
grows with the number of shifts, never with the minutes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tickets.oncall.hour_grid import Hour
from tickets.oncall.qualification import Need, Skills, qualifies
from tickets.periods import Period, joined, within


@dataclass(frozen=True, slots=True)
class Duty:
    """A person (the caller's key) on duty for a roster in [starts_at, ends_at), in UTC."""

    person: int
    roster: int
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def period(self) -> Period:
        return self.starts_at, self.ends_at


@dataclass(frozen=True, slots=True)
class Demand:
    """What must be covered: a need, and the rosters that are rung for it."""

    need: Need
    rosters: frozenset[int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same people on duty from start to end."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class CoveredHour:
    """`people` are those on duty at its worst moment: ten minutes without anybody are a gap."""

    hour: Hour
    people: frozenset[int]

    @property
    def count(self) -> int:
        return len(self.people)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One demand over all hours; `gaps` are the joined stretches without anybody."""

    demand: Demand
    hours: tuple[CoveredHour, ...]
    gaps: tuple[Period, ...]

    def hours_with(self, count: int, since: dt.datetime) -> list[CoveredHour]:
        """The hours with exactly so many people that are not over at `since`."""
        return [one for one in self.hours if one.count == count and one.hour.ends_at > since]


def cover(
    demands: Iterable[Demand],
    duties: Iterable[Duty],
    skills: Mapping[int, Skills],
    hours: Sequence[Hour],
) -> list[Coverage]:
    """Each demand over the hours, which must follow each other without holes.

    Somebody without an entry in `skills` counts for nothing.
    """
    found = list(duties)
    return [_cover(demand, found, skills, hours) for demand in demands]


def _cover(
    demand: Demand, duties: list[Duty], skills: Mapping[int, Skills], hours: Sequence[Hour]
) -> Coverage:
    able = {pk for pk, known in skills.items() if qualifies(known, demand.need)}
    mine = [duty for duty in duties if duty.roster in demand.rosters and duty.person in able]
    if not hours:
        return Coverage(demand, (), ())
    window = (hours[0].starts_at, hours[-1].ends_at)
    line = stretches(mine, window)
    gaps = joined((one.starts_at, one.ends_at) for one in line if not one.people)
    return Coverage(demand, tuple(_worst(hours, line)), tuple(gaps))


def stretches(duties: Iterable[Duty], window: Period) -> list[Stretch]:
    """The window cut where people come and go, in order and without holes."""
    changes: list[tuple[dt.datetime, bool, int]] = []
    for person, periods in by_person(duties).items():
        for start, end in within(periods, window):
            changes += [(start, True, person), (end, False, person)]
    changes.sort(key=lambda change: change[0])
    found: list[Stretch] = []
    present: frozenset[int] = frozenset()
    since = window[0]
    for at, comes, person in changes:
        if at > since:
            found.append(Stretch(since, at, present))
            since = at
        present = present | {person} if comes else present - {person}
    if since < window[1]:
        found.append(Stretch(since, window[1], present))
    return found


def by_person(duties: Iterable[Duty]) -> dict[int, list[Period]]:
    """When each is on duty, on whatever roster, with touching periods made one."""
    periods: dict[int, list[Period]] = {}
    for duty in duties:
        periods.setdefault(duty.person, []).append(duty.period)
    return {person: joined(theirs) for person, theirs in periods.items()}


def _worst(hours: Sequence[Hour], line: list[Stretch]) -> Iterable[CoveredHour]:
    """Walk hours and stretches side by side; both are in order and cover the same window."""
    place = 0
    for hour in hours:
        while line[place].ends_at <= hour.starts_at:
            place += 1
        worst, ahead = line[place].people, place + 1
        while ahead < len(line) and line[ahead].starts_at < hour.ends_at:
            worst = min(worst, line[ahead].people, key=len)
            ahead += 1
        yield CoveredHour(hour, worst)
