"""Coverage in words: gaps, what people carry, and peaks with too few people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.listing import listed
from tickets.oncall.forecast import Forecast, Line
from tickets.oncall.hour_grid import today
from tickets.oncall.loads import Load
from tickets.oncall.peaks import PeakHour
from tickets.periods import Period
from tickets.presentation.coverage_tables import thin_words
from tickets.presentation.coverage_words import need_words, period_words, strain_words
from tickets.presentation.people import level_word


@dataclass(frozen=True, slots=True)
class Gap:
    """When nobody is there, and for what; `day` is that of its start."""

    when: str
    length: dt.timedelta
    needs: list[str]
    day: dt.date


@dataclass(frozen=True, slots=True)
class LoadRow:
    name: str
    level: str
    load: Load
    strains: list[str]


@dataclass(frozen=True, slots=True)
class ThinPeak:
    """A peak with too few people: who peaks, what is tightest, and how many are there."""

    when: str
    customers: str
    need: str
    people: str
    day: dt.date


def gap_list(forecast: Forecast, lines: Iterable[Line]) -> list[Gap]:
    """Every gap from now on, by start; needs that share one stand together."""
    needs: dict[Period, list[str]] = {}
    for line in lines:
        for period in forecast.gaps(line):
            needs.setdefault(period, []).append(need_words(line))
    return [
        Gap(
            when=period_words(period, forecast.zone),
            length=period[1] - period[0],
            needs=needs[period],
            day=today(period[0], forecast.zone),
        )
        for period in sorted(needs)
    ]


def load_rows(forecast: Forecast) -> list[LoadRow]:
    """Everybody on duty, those nobody could carry first."""
    return [
        LoadRow(
            name=forecast.people[load.person].name,
            level=level_word(forecast.people[load.person].level),
            load=load,
            strains=[strain_words(strain, load) for strain in load.strains],
        )
        for load in forecast.loads
    ]


def thin_peaks(
    forecast: Forecast, peaks: Iterable[PeakHour], lines: Sequence[Line]
) -> list[ThinPeak]:
    """The hours to come in which a peak outweighs the people, joined while nothing changes."""
    named = {line.need: need_words(line) for line in lines}
    runs: list[tuple[list[PeakHour], Period]] = []
    for peak in peaks:
        if not peak.is_thin or peak.hour.ends_at <= forecast.now:
            continue
        if runs and _goes_on(runs[-1], peak):
            runs[-1] = (runs[-1][0], (runs[-1][1][0], peak.hour.ends_at))
        else:
            runs.append(([peak], peak.hour.period))
    found = []
    for (first, *_rest), period in runs:
        if first.tightest is not None:
            found.append(
                ThinPeak(
                    when=period_words(period, forecast.zone),
                    customers=listed(customer.name for customer in first.customers),
                    need=named[first.tightest.need],
                    people=thin_words(first.tightest.people),
                    day=first.hour.day,
                )
            )
    return found


def peaks_of_day(forecast: Forecast, day: dt.date) -> list[tuple[str, str]]:
    """Who peaks on that day, and when by the reader's wall."""
    hours = [hour for hour in forecast.hours if hour.day == day]
    if not hours:
        return []
    a, b = hours[0].starts_at, hours[-1].ends_at
    found = []
    for customer in forecast.customers:
        cut = [(max(s, a), min(e, b)) for s, e in customer.peaks if s < b and e > a]
        spans = [
            f"{s.astimezone(forecast.zone):%H:%M}–"
            f"{'24:00' if e == b else format(e.astimezone(forecast.zone), '%H:%M')}"
            for s, e in cut
        ]
        if spans:
            found.append((customer.name, listed(spans)))
    return found


def _goes_on(run: tuple[list[PeakHour], Period], peak: PeakHour) -> bool:
    (first, *_rest), period = run
    return (
        period[1] == peak.hour.starts_at
        and first.customers == peak.customers
        and first.tightest == peak.tightest
    )
