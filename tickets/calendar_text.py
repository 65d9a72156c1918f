"""Hours and days as a person types them into the calendar editor, line by line.

09:00-12:00, 13:30-18:00                 a weekday's hours
2026-12-24 Inventory                     a day that is closed
2027-02-01..2027-02-03 Move              several days
2026-12-31 09:00-12:00 Half a day        a day with hours of its own, or a break
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from tickets.refusal import Refusal
from tickets.sla.hours import read_spans

MOST_LINES: Final = 1000
LONGEST_RUN_DAYS: Final = 366
FIRST_YEAR, LAST_YEAR = 2000, 2100

Pairs = list[list[str]]

_LINE = re.compile(r"(?P<first>\S+?)(?:\s*\.\.\s*(?P<last>\S+))?(?:\s+(?P<rest>.*))?")
_HOURS = re.compile(r"[\d:,;–—\-\s]+")
_DASH = re.compile(r"\s*[-–—]\s*")


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a line, with its hours as pairs, if any, and its name."""

    date: dt.date
    hours: Pairs
    name: str


def read_hours(text: str) -> Pairs:
    """Pairs such as ["09:00", "18:00"]; Refusal, in a sentence, for what are no hours."""
    pairs = [
        _DASH.split(part.strip(), maxsplit=1) for part in re.split("[,;]", text) if part.strip()
    ]
    read_spans(pairs)
    return pairs


def read_days(text: str, *, with_hours: bool) -> list[Day]:
    """The days of a text, one line each. `with_hours` says whether a line must have hours.

    Refusal, naming the line, for what cannot be read or a day that is named twice.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refusal(gettext_noop("At most %(count)d lines."), count=MOST_LINES)
    days: dict[dt.date, Day] = {}
    for line in lines:
        for day in _read_line(line, with_hours=with_hours):
            if day.date in days:
                raise Refusal(gettext_noop("%(day)s is named twice."), day=day.date.isoformat())
            days[day.date] = day
    return [days[date] for date in sorted(days)]


def write_day(date: dt.date, hours: Pairs, name: str) -> str:
    """The line that `read_days` reads back."""
    spans = ", ".join(f"{opens}-{closes}" for opens, closes in hours)
    return " ".join(part for part in (date.isoformat(), spans, " ".join(name.split())) if part)


def _read_line(line: str, *, with_hours: bool) -> list[Day]:
    found = _LINE.fullmatch(line)
    first = _date(found["first"], line) if found else None
    if found is None or first is None:
        raise _unreadable(line)
    last = _date(found["last"], line) if found["last"] else first
    if last < first or (last - first).days > LONGEST_RUN_DAYS:
        raise Refusal(
            gettext_noop("“%(line)s”: the last day lies before the first, or too far."), line=line
        )
    rest = (found["rest"] or "").strip()
    hours: Pairs = []
    if with_hours:
        written = _HOURS.match(rest)
        hours = read_hours(written[0]) if written else []
        rest = rest[written.end() :].strip() if written else rest
        if not hours:
            raise Refusal(
                gettext_noop("“%(line)s” names no hours; write them as 09:00-12:00."), line=line
            )
    days = (last - first).days + 1
    return [Day(first + dt.timedelta(days=number), hours, rest[:80]) for number in range(days)]


def _date(text: str, line: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise _unreadable(line) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _unreadable(line)
    return day


def _unreadable(line: str) -> Refusal:
    return Refusal(
        gettext_noop("“%(line)s” does not begin with a date; write it as 2026-12-24."),
        line=line[:80],
    )
