"""The calendars promises are counted by, as they stand in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from tickets.models import CalendarVersion
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.weekly_calendar import WeeklyCalendar
from tickets.sla.written_calendar import read_calendar

AROUND_THE_CLOCK: Final[dict[str, Any]] = {"hours": "around the clock"}

# Fewer known days of public holidays than this are warned of.
HOLIDAYS_AHEAD: Final = dt.timedelta(days=60)

_CACHE_LIMIT: Final = 256
_read: dict[tuple[int, dt.datetime], Calendar] = {}


def calendar_of(version: CalendarVersion) -> Calendar:
    """The pure calendar of a version. Read once a process: a version never changes."""
    key = (version.pk, version.at)
    if key not in _read:
        if len(_read) >= _CACHE_LIMIT:
            _read.clear()
        _read[key] = calendar_from(version.definition)
    return _read[key]


def calendar_from(definition: dict[str, Any]) -> Calendar:
    """The pure calendar of a definition; Refusal, in a sentence for a form, if it cannot work."""
    if definition == AROUND_THE_CLOCK:
        return AroundTheClock()
    return weekly_from(definition)


def weekly_from(definition: dict[str, Any]) -> WeeklyCalendar:
    """The pure calendar of a definition with hours; Refusal as `calendar_from`."""
    return read_calendar(
        zone=definition["zone"],
        weekly=definition["weekly"],
        closed=_dates(definition.get("closed", ())),
        special=_spans(definition.get("special", {})),
        breaks=_spans(definition.get("breaks", {})),
    )


def newest_versions() -> list[CalendarVersion]:
    """The newest version of each calendar, by name. One query."""
    of_calendar = CalendarVersion.objects.order_by("calendar_id", "-number").distinct("calendar_id")
    newest = CalendarVersion.objects.filter(pk__in=of_calendar.values("pk"))
    return list(newest.select_related("calendar").order_by("calendar__name"))


def runs_out_soon(version: CalendarVersion, today: dt.date) -> bool:
    """Whether it follows public holidays which are known for less than 60 days more."""
    until = version.holidays_until
    return until is not None and until - today < HOLIDAYS_AHEAD


def is_around_the_clock(version: CalendarVersion) -> bool:
    return bool(version.definition == AROUND_THE_CLOCK)


def _dates(written: Any) -> list[dt.date]:
    return [dt.date.fromisoformat(day) for day in written]


def _spans(written: dict[str, Any]) -> dict[dt.date, Any]:
    return {dt.date.fromisoformat(day): spans for day, spans in written.items()}
