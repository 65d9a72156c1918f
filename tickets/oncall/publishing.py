"""What a calendar feed tells of each shift, and when it changed. Pure.

A calendar program recognises an event by its key and takes a new version of it by a higher
sequence number. What was told before is remembered; a shift that looks the same keeps number
and date, so that the feed is the same to the byte until something changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Event:
    """A shift as it is told; times are UTC. `gone` is one that was told and is no more."""

    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    title: str
    sequence: int = 0
    changed_at: dt.datetime | None = None
    gone: bool = False


def key_of(roster: int, member: int, starts_at: dt.datetime | None) -> str:
    """One person's shift of one roster, by when it begins: its end may still change.

    None is for one that began longer ago than anybody looks back.
    """
    begins = starts_at.astimezone(dt.UTC).strftime(FORMAT) if starts_at else "begun"
    return f"{roster}-{member}-{begins}"


def edges(start: dt.datetime, end: dt.datetime, margin: dt.timedelta) -> tuple[dt.datetime, ...]:
    """A wider window that stays the same for a month, so that what is cut by it does as well."""
    first = (start - margin).astimezone(dt.UTC).replace(day=1)
    last = (end + margin).astimezone(dt.UTC).replace(day=1)
    midnight = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
    return first.replace(**midnight), last.replace(**midnight)


def published(
    before: Mapping[str, Event], shown: Iterable[Event], *, now: dt.datetime, since: dt.datetime
) -> dict[str, Event]:
    """What is told now, by key. Seconds are the finest calendars know.

    What is not shown any more is kept as `gone` until it lies before `since`, so that it comes
    back with a higher number if it does.
    """
    now = now.replace(microsecond=0)
    result = {}
    for event in shown:
        old = before.get(event.key)
        if old is None:
            result[event.key] = replace(event, changed_at=now)
        elif _same(old, event):
            result[event.key] = old
        else:
            result[event.key] = replace(event, changed_at=now, sequence=old.sequence + 1)
    for key, old in before.items():
        if key not in result and old.ends_at > since:
            result[key] = replace(old, gone=True)
    return result


def _same(old: Event, new: Event) -> bool:
    told = (old.starts_at, old.ends_at, old.title)
    return not old.gone and told == (new.starts_at, new.ends_at, new.title)
