"""Customers' peaks as instants, and against the people there for them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tickets.oncall.coverage import Demand, Duty, cover
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.hour_grid import hours_of
from tickets.oncall.peaks import Customer, PeakHour, peak_hours, peak_periods
from tickets.oncall.qualification import Need, Skills

MONDAY = dt.date(2026, 11, 23)
START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hours: float) -> dt.datetime:
    return START + hours * HOUR


def hours(days: str, start: str, end: str, zone: ZoneInfo = SHANGHAI) -> DutyHours:
    weekdays = frozenset(int(day) for day in days)
    return DutyHours(weekdays, dt.time.fromisoformat(start), dt.time.fromisoformat(end), zone)


def test_peaks_are_read_in_the_customers_zone_and_past_midnight() -> None:
    every_night = hours("0123456", "20:00", "02:00")
    assert peak_periods([every_night], at(0), at(48)) == ((at(12), at(18)), (at(36), at(42)))


def test_peaks_are_cut_to_the_window_and_joined() -> None:
    found = peak_periods(
        [hours("0", "08:00", "12:00"), hours("0", "12:00", "20:00")], at(2), at(48)
    )
    assert found == ((at(2), at(12)),)


def test_peaks_stay_at_their_wall_time_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    sunday = dt.datetime(2026, 3, 28, tzinfo=dt.UTC)
    found = peak_periods([hours("56", "09:00", "10:00", berlin)], sunday, sunday + 48 * HOUR)
    assert [start.hour for start, _end in found] == [8, 7]


def customer(key: int = 1, weight: int = 3, products: str = "", languages: str = "") -> Customer:
    return Customer(
        key,
        f"C{key}",
        weight,
        ((at(10), at(12)),),
        frozenset(products.split()),
        frozenset(languages.split()),
    )


def in_hour(number: int, customers: list[Customer], people: int) -> PeakHour:
    skills = {
        pk: Skills({"im": frozenset()}, frozenset({"en", "zh"}), "L2") for pk in range(people)
    }
    duties = [Duty(pk, 1, at(0), at(24)) for pk in range(people)]
    demands = [
        Demand(Need("im", "", "en", "L1"), frozenset({1})),
        Demand(Need("rtc", "", "en", "L1"), frozenset({1})),
    ]
    grid = hours_of(MONDAY, 1, ZoneInfo("UTC"))
    coverages = cover(demands, duties, skills, grid)
    return peak_hours(customers, coverages, grid)[number]


@pytest.mark.parametrize(
    ("customers", "people", "thin"),
    [
        ([customer(products="im")], 1, False),
        ([customer(products="im")], 0, True),
        ([customer(products="im"), customer(2, products="im")], 1, True),
        ([customer(products="im"), customer(2, products="im")], 2, False),
        ([customer(products="im", weight=4)], 1, False),
        ([customer(products="im", weight=5)], 1, True),
        ([customer(products="im", languages="pt")], 0, False),
        ([customer()], 2, True),  # nobody knows rtc, and it may ask about that
        ([], 0, False),
    ],
)
def test_a_peak_is_thin_when_it_weighs_more_than_the_people_there_can_stand(
    customers: list[Customer], people: int, thin: bool
) -> None:
    assert in_hour(10, customers, people).is_thin == thin


def test_an_hour_tells_who_peaks_in_it_and_what_is_tightest() -> None:
    found = in_hour(11, [customer(products="im"), customer(2)], 2)
    assert [one.name for one in found.customers] == ["C1", "C2"]
    assert found.weight == 6
    assert found.tightest is not None
    assert (found.tightest.need.product, found.tightest.people) == ("rtc", 0)
    assert in_hour(12, [customer()], 2).customers == ()
