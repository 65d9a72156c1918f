"""Weeks of a roster as blocks on a line, in the reader's time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tickets.instants import first_reading, wall
from tickets.oncall.history import Mark, Marked
from tickets.periods import Period, joined

WORDS: Final[dict[Mark, str | LazyText]] = {
    Mark.OVERRIDE: gettext_lazy("override"),
    Mark.SWAP: gettext_lazy("swap"),
    Mark.DRILL: gettext_lazy("drill"),
    Mark.STAND_IN: gettext_lazy("stands in"),
    Mark.TEMPORARY: gettext_lazy("temporary"),
}
DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Week:
    """Monday 00:00 to the Monday one or two weeks on by the wall of `zone`; ends in UTC."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: ZoneInfo

    def share(self, at: dt.datetime) -> float:
        """Where an instant lies in the time shown, in per cent."""
        whole = (self.ends_at - self.starts_at).total_seconds()
        return round((at - self.starts_at).total_seconds() / whole * 100, 3)

    @property
    def days(self) -> list[dt.date]:
        monday = wall(self.starts_at, self.zone).date()
        count = (wall(self.ends_at, self.zone).date() - monday).days
        return [monday + dt.timedelta(days=day) for day in range(count)]


@dataclass(frozen=True, slots=True)
class Block:
    """One turn: `start` and `width` in per cent of the time shown, `title` with the exact times.

    `short` is for where there is no room for the name. `kind` is "" by the rotation,
    "override" for any change, "gap" where nobody is on duty.
    """

    start: float
    width: float
    name: str
    short: str
    title: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Blocks that lie beside each other: two people on duty at once stand on two lines."""

    blocks: tuple[Block, ...]


def week_around(at: dt.datetime, zone: ZoneInfo, weeks: int = 1) -> Week:
    """`weeks` weeks, of which the first holds the instant `at`."""
    today = wall(at, zone).date()
    return week_from(today - dt.timedelta(days=today.weekday()), zone, weeks)


def week_from(monday: dt.date, zone: ZoneInfo, weeks: int = 1) -> Week:
    begins = dt.datetime.combine(monday, dt.time())
    ends = begins + dt.timedelta(days=DAYS * weeks)
    return Week(first_reading(begins, zone), first_reading(ends, zone), zone)


def lines(
    found: Iterable[Marked], holes: Iterable[Period], week: Week, name_of: Callable[[Hashable], str]
) -> list[Line]:
    """Everyone's turns, those at the same time on lines of their own, holes in the first."""
    rows: list[list[tuple[Period, Block]]] = [[]]
    for start, end in joined(holes):
        rows[0].append(((start, end), _block(week, (start, end), _("Nobody"), "!", "gap")))
    for one in found:
        span = (one.shift.starts_at, one.shift.ends_at)
        name, kind = name_of(one.shift.member), ""
        short = initials(name)
        if one.mark is not Mark.PLAIN:
            kind = "override"
            name = _("%(name)s, %(mark)s") % {"name": name, "mark": WORDS[one.mark]}
        made = (span, _block(week, span, name, short, kind))
        free = next((row for row in rows if not _overlaps(row, span)), None)
        if free is None:
            rows.append([made])
        else:
            free.append(made)
    return [
        Line(tuple(block for _span, block in sorted(row, key=lambda item: item[0]))) for row in rows
    ]


def _overlaps(row: list[tuple[Period, Block]], span: Period) -> bool:
    return any(start < span[1] and span[0] < end for (start, end), _block in row)


def _block(week: Week, span: Period, name: str, short: str, kind: str) -> Block:
    return Block(
        start=week.share(span[0]),
        width=round(week.share(span[1]) - week.share(span[0]), 3),
        name=name,
        title=_told(*span, week.zone),
        short=short,
        kind=kind,
    )


def initials(name: str) -> str:
    """Two letters of a name in words, a name without spaces as it is: "Ana Souza" is "AS"."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[0], words[-1])) if len(words) > 1 else name


def _told(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> str:
    pattern = pgettext("date format", "D j M, H:i")
    return _("%(start)s to %(end)s") % {
        "start": date_format(start.astimezone(zone), pattern),
        "end": date_format(end.astimezone(zone), pattern),
    }
