"""A week of a roster as blocks on a line, in the reader's time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tickets.instants import first_reading, wall
from tickets.oncall.rotation import Rotation
from tickets.oncall.schedule import final_schedule


@dataclass(frozen=True, slots=True)
class Week:
    """Monday 00:00 to the next by the wall of `zone`; both ends in UTC."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: ZoneInfo

    def share(self, at: dt.datetime) -> float:
        """Where an instant lies in the week, in per cent."""
        whole = (self.ends_at - self.starts_at).total_seconds()
        return round((at - self.starts_at).total_seconds() / whole * 100, 3)

    @property
    def days(self) -> list[dt.date]:
        monday = wall(self.starts_at, self.zone).date()
        return [monday + dt.timedelta(days=day) for day in range(7)]


@dataclass(frozen=True, slots=True)
class Block:
    """One turn: `start` and `width` in per cent of the week, `title` with the exact times."""

    start: float
    width: float
    name: str
    title: str
    kind: str = ""


def week_around(at: dt.datetime, zone: ZoneInfo) -> Week:
    today = wall(at, zone).date()
    monday = dt.datetime.combine(today - dt.timedelta(days=today.weekday()), dt.time())
    return Week(
        first_reading(monday, zone), first_reading(monday + dt.timedelta(days=7), zone), zone
    )


def blocks(
    rotation: Rotation | None, week: Week, name_of: Callable[[Hashable], str]
) -> list[Block]:
    """The turns of the week, cut to it; one gap the week long when nobody is on the roster."""
    if rotation is None:
        return [Block(0, 100, _("Nobody"), _span(week.starts_at, week.ends_at, week.zone), "gap")]
    return [
        Block(
            start=week.share(turn.starts_at),
            width=round(week.share(turn.ends_at) - week.share(turn.starts_at), 3),
            name=name_of(turn.member),
            title=_span(turn.starts_at, turn.ends_at, week.zone),
        )
        for turn in final_schedule(rotation, [], week.starts_at, week.ends_at)
    ]


def _span(start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> str:
    pattern = pgettext("date format", "D H:i")
    return _("%(start)s to %(end)s") % {
        "start": date_format(start.astimezone(zone), pattern),
        "end": date_format(end.astimezone(zone), pattern),
    }
