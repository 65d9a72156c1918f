"""The next days of a calendar, as a person checks them: which hours are open, and why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tickets.calendars import AROUND_THE_CLOCK, calendar_from
from tickets.instants import elapsed_reading, wall
from tickets.periods import joined

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenDay:
    """`hours` reads "09:00–12:00, 13:00–18:00", empty when it is closed; `name` says why."""

    date: dt.date
    hours: str
    name: str


def open_days(definition: dict[str, Any], dates: Iterable[dt.date]) -> list[OpenDay]:
    """These days, by the wall clock of the calendar's zone."""
    if definition == AROUND_THE_CLOCK:
        return [OpenDay(date, "00:00–24:00", "") for date in dates]
    calendar, zone = calendar_from(definition), ZoneInfo(definition["zone"])
    names = definition.get("names", {})
    found = []
    for date in dates:
        starts, ends = (
            elapsed_reading(dt.datetime.combine(day, dt.time()), zone)
            for day in (date, date + A_DAY)
        )
        spans = [
            f"{wall(a, zone):%H:%M}–{'24:00' if b == ends else f'{wall(b, zone):%H:%M}'}"
            for a, b in joined(calendar.open_periods(starts, ends))
        ]
        found.append(OpenDay(date, ", ".join(spans), names.get(date.isoformat(), "")))
    return found
