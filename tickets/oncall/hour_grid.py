"""Days of hours by the wall clock of a zone. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tickets.instants import first_reading, instant, wall
from tickets.periods import Period

AN_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hour:
    """[starts_at, ends_at) in UTC; `day` and `hour` are what the wall shows at its start."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    hour: int

    @property
    def period(self) -> Period:
        return self.starts_at, self.ends_at


def hours_of(first: dt.date, days: int, zone: ZoneInfo) -> tuple[Hour, ...]:
    """Every hour of `days` days from the date `first`, without holes and in order.

    A day on which clocks go back has an hour more (shown twice), one on which they go forward
    an hour less. Where the wall reaches the next midnight within an hour, the last is shorter.
    """
    found = []
    for number in range(days):
        day = first + dt.timedelta(days=number)
        start, end = midnight(day, zone), midnight(day + dt.timedelta(days=1), zone)
        while start < end:
            until = min(start + AN_HOUR, end)
            found.append(Hour(start, until, day, wall(start, zone).hour))
            start = until
    return tuple(found)


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """When the day begins by that wall, in UTC."""
    return first_reading(dt.datetime.combine(day, dt.time()), zone)


def today(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The date on the wall at an instant."""
    return wall(instant(at), zone).date()
