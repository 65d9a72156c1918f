"""Customers' peaks against the people on duty for them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tickets.oncall.coverage import Coverage
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.hour_grid import Hour
from tickets.oncall.qualification import Need
from tickets.periods import Period, joined

# What one person can stand for at a peak: our own estimate, in the plans' weights below.
WEIGHT_A_PERSON: Final = 4
# The more a plan promises, the more of a person its customer's peak takes.
PLAN_WEIGHTS: Final = {"trial": 1, "standard": 2, "premium": 3, "enterprise": 4}


@dataclass(frozen=True, slots=True)
class Customer:
    """Who peaks when (UTC), with which products and languages (empty: any), and how heavily."""

    key: int
    name: str
    weight: int
    peaks: tuple[Period, ...]
    products: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def peaks_in(self, hour: Hour) -> bool:
        return any(start < hour.ends_at and end > hour.starts_at for start, end in self.peaks)

    def asks(self, need: Need) -> bool:
        """Whether this customer writes in about that product in that language."""
        return (not self.products or need.product in self.products) and (
            not self.languages or need.language in self.languages
        )


@dataclass(frozen=True, slots=True)
class Tightest:
    """The need with the least room in an hour: its weight against the people there for it."""

    need: Need
    weight: int
    people: int

    @property
    def room(self) -> int:
        """Below nothing: more weight than these people can stand for."""
        return self.people * WEIGHT_A_PERSON - self.weight


@dataclass(frozen=True, slots=True)
class PeakHour:
    """An hour with who peaks in it, and the tightest of what they ask for."""

    hour: Hour
    customers: tuple[Customer, ...]
    tightest: Tightest | None

    @property
    def weight(self) -> int:
        return sum(customer.weight for customer in self.customers)

    @property
    def is_thin(self) -> bool:
        return self.tightest is not None and self.tightest.room < 0


def peak_periods(hours: Iterable[DutyHours], a: dt.datetime, b: dt.datetime) -> tuple[Period, ...]:
    """The peak hours that fall into [a, b), in UTC, cut to it and joined."""
    return tuple(joined(period for one in hours for period in one.periods(a, b)))


def peak_hours(
    customers: Sequence[Customer], coverages: Sequence[Coverage], hours: Sequence[Hour]
) -> list[PeakHour]:
    """Every hour with the customers at their peak; the coverages are over the same hours."""
    return [
        _peak_hour(place, hour, [one for one in customers if one.peaks_in(hour)], coverages)
        for place, hour in enumerate(hours)
    ]


def _peak_hour(
    place: int, hour: Hour, peaking: list[Customer], coverages: Sequence[Coverage]
) -> PeakHour:
    asked = []
    for coverage in coverages:
        need = coverage.demand.need
        weight = sum(one.weight for one in peaking if one.asks(need))
        if weight:
            asked.append(Tightest(need, weight, coverage.hours[place].count))
    tightest = min(asked, key=lambda one: one.room, default=None)
    return PeakHour(hour, tuple(peaking), tightest)
