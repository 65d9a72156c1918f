"""Fourteen days ahead: which hours nobody covers, what people carry, when customers peak."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets.admin.frame import frame
from tickets.instants import zone_named
from tickets.oncall.forecast import ASKED_LEVELS, Forecast, Line, forecast, languages
from tickets.presentation import coverage_lists, coverage_tables, coverage_words
from tickets.presentation.people import languages as language_names

GAPS_SHOWN: Final = 60
PEAKS_SHOWN: Final = 20
WANTED, ALL = "", "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asked for; what cannot be is passed over."""

    product: str
    language: str
    level: str

    def takes(self, line: Line) -> bool:
        by_level = line.wanted if self.level == WANTED else self.level in (ALL, line.need.level)
        return (
            by_level
            and self.product in ("", line.need.product)
            and self.language in ("", line.need.language)
        )

    def address(self, day: dt.date) -> str:
        """The query of this page for another day, with the same filters."""
        given = {"product": self.product, "language": self.language, "level": self.level}
        return urlencode({name: value for name, value in given.items() if value} | {"day": day})


@require_safe
def coverage_view(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.read")
    around = frame(request, "duty")
    found = forecast(request.now, zone_named(timezone.get_current_timezone_name()))
    choice = _choice(request, found)
    day = _day(request, found)
    lines = [line for line in found.lines if choice.takes(line)]
    context = {
        "choice": choice,
        "zone": found.zone.key,
        "day": day,
        "filters": _filters(found, choice),
        "may_edit": access.allows(request.viewer, "roster.edit"),
        **_figures(found, lines, choice),
        **_day_context(found, lines, choice, day),
        **_peak_context(found, lines, choice, day),
        "days": [
            (row, choice.address(row.day))
            for row in coverage_tables.all_days(found, lines, day)
            if row.day is not None
        ],
        "hours": coverage_tables.WALL_HOURS,
        "loads": coverage_lists.load_rows(found),
    }
    return render(request, "tickets/coverage.html", context | around)


def _figures(found: Forecast, lines: list[Line], choice: Choice) -> dict[str, Any]:
    gaps = coverage_lists.gap_list(found, lines)
    return {
        "has_lines": bool(found.lines),
        "uncovered": _hours_with(0, found, lines),
        "single": _hours_with(1, found, lines),
        "impossible": len(found.impossible),
        "gaps": [(gap, choice.address(gap.day)) for gap in gaps[:GAPS_SHOWN]],
        "more_gaps": max(0, len(gaps) - GAPS_SHOWN),
    }


def _day_context(
    found: Forecast, lines: list[Line], choice: Choice, day: dt.date
) -> dict[str, Any]:
    days = list(dict.fromkeys(hour.day for hour in found.hours))
    place = days.index(day)
    return {
        "day_rows": coverage_tables.day_rows(found, lines, day, with_level=choice.level != "L1"),
        "day_uncovered": _hours_with(0, found, lines, day),
        "day_single": _hours_with(1, found, lines, day),
        "before": choice.address(days[place - 1]) if place else "",
        "after": choice.address(days[place + 1]) if place + 1 < len(days) else "",
    }


def _peak_context(
    found: Forecast, lines: Sequence[Line], choice: Choice, day: dt.date
) -> dict[str, Any]:
    peaks = found.peaks(lines)
    thin = coverage_lists.thin_peaks(found, peaks, lines)
    return {
        "peak_cells": coverage_tables.peak_row(peaks, day, found.now),
        "day_peaks": coverage_lists.peaks_of_day(found, day),
        "thin_peaks": [(peak, choice.address(peak.day)) for peak in thin[:PEAKS_SHOWN]],
        "more_peaks": max(0, len(thin) - PEAKS_SHOWN),
        "has_peaks": bool(found.customers),
    }


def _hours_with(
    count: int, found: Forecast, lines: Iterable[Line], day: dt.date | None = None
) -> int:
    """Hours to come with so many people, each line's counted by itself."""
    return sum(
        day in (None, one.hour.day)
        for line in lines
        for one in line.coverage.hours_with(count, found.now)
    )


def _filters(found: Forecast, choice: Choice) -> list[dict[str, Any]]:
    products = dict.fromkeys((line.need.product, line.product.name) for line in found.lines)
    spoken = [(code, language_names([code])) for code in languages()]
    levels = [(level, coverage_words.level_words(level)) for level in ASKED_LEVELS]
    return [
        _filter("product", _("Product"), [("", _("all products")), *products], choice.product),
        _filter("language", _("Language"), [("", _("all languages")), *spoken], choice.language),
        _filter(
            "level",
            _("Level"),
            [(WANTED, _("as each team wants")), *levels, (ALL, _("all levels"))],
            choice.level,
        ),
    ]


def _filter(name: str, label: str, options: list[tuple[str, str]], value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "value": value}


def _choice(request: TenantRequest, found: Forecast) -> Choice:
    products = {line.need.product for line in found.lines}
    return Choice(
        product=_one_of(request.GET.get("product", ""), products),
        language=_one_of(request.GET.get("language", ""), set(languages())),
        level=_one_of(request.GET.get("level", ""), {*ASKED_LEVELS, ALL}),
    )


def _one_of(value: str, known: set[str]) -> str:
    return value if value in known else ""


def _day(request: TenantRequest, found: Forecast) -> dt.date:
    """The day asked for if the forecast has it, else today."""
    asked = request.GET.get("day", "")
    by_name = {hour.day.isoformat(): hour.day for hour in found.hours}
    return by_name.get(asked, found.hours[0].day)
