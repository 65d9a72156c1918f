"""Coverage as tables: one day by need and hour, and all days by hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.listing import listed
from tickets.oncall.coverage import CoveredHour
from tickets.oncall.forecast import Forecast, Line
from tickets.oncall.peaks import PeakHour
from tickets.presentation.coverage_words import need_words

WALL_HOURS: Final = range(24)
ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour: a figure, what it means (gap, one, ok, peak, none) and the words for it.

    `is_past` hours are shown as they were and counted nowhere.
    """

    figure: str
    kind: str
    words: str
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: list[Cell]
    day: dt.date | None = None
    is_chosen: bool = False


NO_HOUR: Final = Cell("", "none", "")


def day_rows(
    forecast: Forecast, lines: Iterable[Line], day: dt.date, *, with_level: bool
) -> list[Row]:
    """Each need's hours of that day, with who is there."""
    return [
        Row(
            need_words(line, with_level=with_level),
            _by_wall_hour(forecast, [one for one in line.coverage.hours if one.hour.day == day]),
        )
        for line in lines
    ]


def all_days(forecast: Forecast, lines: Sequence[Line], chosen: dt.date) -> list[Row]:
    """Each day's hours; a cell is the worst of the lines in that hour."""
    if not lines:
        return []
    days: dict[dt.date, list[CoveredHour]] = {}
    for each in zip(*(line.coverage.hours for line in lines), strict=True):
        worst = min(each, key=lambda one: one.count)
        days.setdefault(worst.hour.day, []).append(worst)
    return [
        Row("", _by_wall_hour(forecast, hours), day=day, is_chosen=day == chosen)
        for day, hours in days.items()
    ]


def peak_row(peaks: Iterable[PeakHour], day: dt.date, now: dt.datetime) -> list[Cell]:
    """How many customers peak in each hour of that day, and where too few stand by them."""
    found: dict[int, PeakHour] = {}
    for peak in peaks:
        known = found.get(peak.hour.hour)
        if peak.hour.day == day and (known is None or peak.weight > known.weight):
            found[peak.hour.hour] = peak
    return [_peak_cell(found[hour], now) if hour in found else NO_HOUR for hour in WALL_HOURS]


def _by_wall_hour(forecast: Forecast, hours: Iterable[CoveredHour]) -> list[Cell]:
    """A cell for each hour the wall can show; of an hour shown twice, the worse one."""
    found: dict[int, CoveredHour] = {}
    for one in hours:
        known = found.get(one.hour.hour)
        if known is None or one.count < known.count:
            found[one.hour.hour] = one
    return [_cell(found[hour], forecast) if hour in found else NO_HOUR for hour in WALL_HOURS]


def _cell(one: CoveredHour, forecast: Forecast) -> Cell:
    names = [forecast.people[pk].name for pk in one.people]
    return Cell(
        figure=str(one.count),
        kind="ok" if one.count >= ENOUGH else "one" if one.count else "gap",
        words=listed(sorted(names)) if names else _("nobody"),
        is_past=one.hour.ends_at <= forecast.now,
    )


def _peak_cell(peak: PeakHour, now: dt.datetime) -> Cell:
    number = len(peak.customers)
    if not number:
        return Cell("", "none", "")
    words = ngettext(
        "%(number)d customer at its peak", "%(number)d customers at their peak", number
    )
    names = listed(customer.name for customer in peak.customers)
    said = f"{words % {'number': number}}: {names}"
    if peak.is_thin and peak.tightest is not None:
        said = f"{said}. {thin_words(peak.tightest.people)}"
    is_past = peak.hour.ends_at <= now
    return Cell(f"{number}!" if peak.is_thin else str(number), "peak", said, is_past)


def thin_words(people: int) -> str:
    """How few stand by customers at their peak."""
    if not people:
        return _("Nobody is there for them")
    return ngettext(
        "%(number)d person is there for them", "%(number)d people are there for them", people
    ) % {"number": people}
