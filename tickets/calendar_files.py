"""Closures from an iCalendar file, as the lines of the calendar editor.

An event of whole days closes them; one with times is a break. What a file may cost is bounded:
its size, its events, how far its repetitions are followed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext_noop

from tickets.calendar_text import Pairs, write_day
from tickets.ical_repeats import occurrences, refuse_endless, runs_backwards
from tickets.instants import wall
from tickets.periods import joined
from tickets.refusal import Refusal

MOST_BYTES: Final = 256 * 1024
MOST_EVENTS: Final = 500
MOST_OCCURRENCES: Final = 1000
DAYS_BACK, DAYS_AHEAD = 31, 2 * 366
A_DAY: Final = dt.timedelta(days=1)


@dataclass(slots=True)
class Imported:
    """Lines for the fields “closed days” and “breaks” of the editor."""

    closed: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)


def closures_of(content: bytes, zone: ZoneInfo, today: dt.date) -> Imported:
    """What the file closes from a month ago to two years ahead, in the calendar's zone.

    Refusal, in a sentence, for a file that is no calendar, too large, without events, or
    with repetitions nobody could mean.
    """
    calendar = _read(content)
    begins, ends = today - DAYS_BACK * A_DAY, today + DAYS_AHEAD * A_DAY
    closed: dict[dt.date, str] = {}
    parts: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = {}
    names: dict[dt.date, str] = {}
    for occurrence in _occurrences(calendar, begins, ends):
        name = str(occurrence.get("SUMMARY", ""))[:80]
        start, end = occurrence["DTSTART"].dt, occurrence["DTEND"].dt
        if not isinstance(start, dt.datetime):
            for day in _days(start, end, ends):
                closed.setdefault(day, name)
        else:
            for day, period in _by_day(_wall(start, zone), _wall(end, zone)):
                parts.setdefault(day, []).append(period)
                names.setdefault(day, name)
    return Imported(
        closed=[write_day(day, [], closed[day]) for day in sorted(closed)],
        breaks=[
            write_day(day, _pairs(day, parts[day]), names[day])
            for day in sorted(parts.keys() - closed.keys())
        ],
    )


def _read(content: bytes) -> icalendar.Calendar:
    if len(content) > MOST_BYTES:
        raise Refusal(
            gettext_noop("The file is too large; at most %(size)d kB."), size=MOST_BYTES // 1024
        )
    broken = Refusal(gettext_noop("This is no iCalendar file, or it is broken."))
    try:
        calendar = icalendar.Calendar.from_ical(content.decode())
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise broken from error
    if not isinstance(calendar, icalendar.Calendar):
        raise broken
    events = calendar.walk("VEVENT")
    if not events:
        raise Refusal(gettext_noop("There are no events in the file."))
    if len(events) > MOST_EVENTS:
        raise Refusal(gettext_noop("At most %(count)d events."), count=MOST_EVENTS)
    try:
        refuse_endless(calendar)
    except Refusal:
        raise
    except Exception as error:  # the library raises whatever a broken rule makes it
        raise broken from error
    if not all(_begins_before_it_ends(event) for event in events):
        raise broken
    return calendar


def _begins_before_it_ends(event: Any) -> bool:
    """Without an end it is as long as the libraries say; the two ends are of one kind."""
    try:
        start = event["DTSTART"].dt
        end = event["DTEND"].dt if "DTEND" in event else start
        return bool(start <= end) and type(start) is type(end) and not runs_backwards(event)
    except (KeyError, AttributeError, TypeError, ValueError):
        return False


def _occurrences(calendar: icalendar.Calendar, begins: dt.date, ends: dt.date) -> list[Any]:
    try:
        found = occurrences(calendar, begins, ends)
    except Exception as error:  # the libraries raise whatever a broken rule makes them
        raise Refusal(gettext_noop("This is no iCalendar file, or it is broken.")) from error
    if len(found) > MOST_OCCURRENCES:
        raise Refusal(gettext_noop("At most %(count)d closures."), count=MOST_OCCURRENCES)
    return found


def _days(start: dt.date, end: dt.date, limit: dt.date) -> list[dt.date]:
    """The dates of [start, end), at least one, as far as the limit."""
    last = min(max(end - A_DAY, start), limit)
    return [start + number * A_DAY for number in range((last - start).days + 1)]


def _wall(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Times without a zone mean the calendar's own."""
    return at.replace(tzinfo=None) if at.tzinfo is None else wall(at, zone)


def _by_day(
    start: dt.datetime, end: dt.datetime
) -> list[tuple[dt.date, tuple[dt.datetime, dt.datetime]]]:
    """The parts of a stretch of wall time, date by date, in whole minutes."""
    start = start.replace(second=0, microsecond=0)
    parts: list[tuple[dt.date, tuple[dt.datetime, dt.datetime]]] = []
    while start < end and len(parts) <= DAYS_AHEAD:
        midnight = dt.datetime.combine(start.date() + A_DAY, dt.time())
        stop = min(end.replace(second=0, microsecond=0), midnight)
        if start < stop:
            parts.append((start.date(), (start, stop)))
        start = midnight
    return parts


def _pairs(day: dt.date, parts: list[tuple[dt.datetime, dt.datetime]]) -> Pairs:
    return [
        [f"{start:%H:%M}", f"{end:%H:%M}" if end.date() == day else "24:00"]
        for start, end in joined(parts)
    ]
