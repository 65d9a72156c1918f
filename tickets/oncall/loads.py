"""How much duty each person carries, and what nobody can carry. Pure.

Duty here is being reachable and ready, not work without pause; the limits are set so that
what they flag cannot be kept up by anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from tickets.instants import wall
from tickets.oncall.coverage import Duty, by_person
from tickets.oncall.hour_grid import midnight
from tickets.periods import Period, joined, within

# Directive 2003/88/EC, article 3: eleven consecutive hours of rest in every 24.
REST: Final = dt.timedelta(hours=11)
# Articles 5 and 16 (a): a weekly rest, to be had within a reference period of 14 days. A week
# of readiness in one go is the longest that leaves room for it.
LONGEST_STRETCH: Final = dt.timedelta(days=7)
# Our own: more than every second hour leaves no time in which somebody is simply off.
MOST_DUTY_SHARE: Final = 0.5
# Articles 2 (3) and 2 (4): night time holds 00:00 to 05:00, and three hours of it make a night.
NIGHT: Final = (dt.time(0), dt.time(5))
PART_OF_NIGHT: Final = dt.timedelta(hours=3)
# Our own: more than every second night is no sleep.
MOST_NIGHT_SHARE: Final = 0.5


class Strain(StrEnum):
    """What makes a load impossible."""

    TWO_AT_ONCE = "two_at_once"  # one person cannot take two urgent tickets, nor back up oneself
    NO_REST = "no_rest"
    TOO_MANY_HOURS = "too_many_hours"
    TOO_MANY_NIGHTS = "too_many_nights"


@dataclass(frozen=True, slots=True)
class Load:
    """One person's duty in a window.

    `duty` counts an hour on two rosters once; `at_once` is the time on two rosters or more.
    `longest` is the longest stretch in which no break was as long as `REST`. A night counts
    when three of its hours are on duty, by the person's own wall.
    """

    person: int
    duty: dt.timedelta
    longest: Period
    nights: int
    at_once: dt.timedelta
    strains: tuple[Strain, ...]

    @property
    def longest_time(self) -> dt.timedelta:
        return self.longest[1] - self.longest[0]


def loads(duties: Iterable[Duty], zones: Mapping[int, ZoneInfo], window: Period) -> list[Load]:
    """The load of everybody on duty in the window, heaviest first. Zones are the persons' own."""
    mine = [duty for duty in duties if duty.starts_at < window[1] and duty.ends_at > window[0]]
    double = _at_once(mine, window)
    found = []
    for person, periods in by_person(mine).items():
        cut = list(within(periods, window))
        at_once = double.get(person, dt.timedelta())
        found.append(_load(person, cut, at_once, zones[person], window))
    return sorted(found, key=lambda load: (-len(load.strains), -load.duty, load.person))


def _load(
    person: int, periods: list[Period], at_once: dt.timedelta, zone: ZoneInfo, window: Period
) -> Load:
    duty = sum((end - start for start, end in periods), dt.timedelta())
    longest = max(_without_rest(periods), key=lambda one: one[1] - one[0])
    nights = _nights(periods, zone)
    whole = window[1] - window[0]
    strains = {
        Strain.TWO_AT_ONCE: at_once > dt.timedelta(),
        Strain.NO_REST: longest[1] - longest[0] > LONGEST_STRETCH,
        Strain.TOO_MANY_HOURS: duty > whole * MOST_DUTY_SHARE,
        Strain.TOO_MANY_NIGHTS: nights > whole / dt.timedelta(days=1) * MOST_NIGHT_SHARE,
    }
    strained = tuple(strain for strain, there in strains.items() if there)
    return Load(person, duty, longest, nights, at_once, strained)


def _without_rest(periods: list[Period]) -> list[Period]:
    """Duty with the breaks shorter than `REST` filled in."""
    padded = joined((start, end + REST - dt.timedelta(microseconds=1)) for start, end in periods)
    return [(start, end - REST + dt.timedelta(microseconds=1)) for start, end in padded]


def _nights(periods: list[Period], zone: ZoneInfo) -> int:
    days: dict[dt.date, dt.timedelta] = {}
    for start, end in periods:
        day = wall(start, zone).date()
        while (night := _night(day, zone))[0] < end:
            for a, b in within([(start, end)], night):
                days[day] = days.get(day, dt.timedelta()) + (b - a)
            day += dt.timedelta(days=1)
    return sum(slept_less >= PART_OF_NIGHT for slept_less in days.values())


def _night(day: dt.date, zone: ZoneInfo) -> Period:
    begins = midnight(day, zone)
    return begins, begins + dt.timedelta(hours=NIGHT[1].hour - NIGHT[0].hour)


def _at_once(duties: list[Duty], window: Period) -> dict[int, dt.timedelta]:
    """How long each person stands on two rosters or more."""
    rosters: dict[tuple[int, int], list[Period]] = {}
    for duty in duties:
        rosters.setdefault((duty.person, duty.roster), []).append(duty.period)
    changes: dict[int, list[tuple[dt.datetime, int]]] = {}
    for (person, _roster), periods in rosters.items():
        for start, end in within(joined(periods), window):
            changes.setdefault(person, []).extend([(start, 1), (end, -1)])
    found = {}
    for person, theirs in changes.items():
        total, depth, since = dt.timedelta(), 0, window[0]
        for at, step in sorted(theirs):
            if depth > 1:
                total += at - since
            depth, since = depth + step, at
        found[person] = total
    return found
