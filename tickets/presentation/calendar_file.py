"""A feed's events as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from tickets.oncall.publishing import Event

LOOK_AGAIN: Final = dt.timedelta(hours=1)


def written(events: Iterable[Event], *, name: str, host: str) -> bytes:
    """The same bytes for the same events: nothing in it tells when it was fetched.

    Times are in UTC, which every calendar shows in its owner's zone. Without a METHOD the
    DTSTAMP of an event is the time it was last changed, as RFC 5545 has it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Vigil//Duty//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", LOOK_AGAIN)
    for event in events:
        calendar.add_component(_written(event, host))
    return bytes(calendar.to_ical())


def _written(event: Event, host: str) -> CalendarEvent:
    changed_at = event.changed_at or event.starts_at
    entry = CalendarEvent()
    entry.add("uid", f"{event.key}@{host}")
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", event.title)
    entry.add("status", "CONFIRMED")
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")  # being on duty does not make anybody busy
    return entry
