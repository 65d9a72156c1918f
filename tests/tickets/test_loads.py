"""What a person carries in a fortnight, and what nobody can."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tickets.oncall.coverage import Duty
from tickets.oncall.loads import Load, Strain, loads

START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
WINDOW = (START, START + dt.timedelta(days=14))
ZONES = {1: ZoneInfo("UTC"), 2: ZoneInfo("Asia/Shanghai")}
HOUR = dt.timedelta(hours=1)


def duty(start: float, end: float, roster: int = 1, person: int = 1) -> Duty:
    return Duty(person, roster, START + start * HOUR, START + end * HOUR)


def load(*duties: Duty) -> Load:
    (found,) = loads(duties, ZONES, WINDOW)
    return found


def daily(start: float, end: float, days: int = 14) -> list[Duty]:
    return [duty(day * 24 + start, day * 24 + end) for day in range(days)]


@pytest.mark.parametrize(
    ("duties", "strains"),
    [
        ([duty(0, 168)], ()),
        ([duty(0, 169)], (Strain.NO_REST, Strain.TOO_MANY_HOURS)),
        (daily(9, 17), ()),
        (daily(8, 20), ()),
        (daily(7, 20), (Strain.TOO_MANY_HOURS,)),
        (daily(0, 8), (Strain.TOO_MANY_NIGHTS,)),
        (daily(0, 8, days=7), ()),
        ([duty(0, 24), duty(0, 24, roster=2)], (Strain.TWO_AT_ONCE,)),
        ([duty(0, 24), duty(24, 48, roster=2)], ()),
    ],
)
def test_what_nobody_can_carry_is_flagged(duties: list[Duty], strains: tuple[Strain, ...]) -> None:
    assert load(*duties).strains == strains


def test_breaks_shorter_than_the_rest_do_not_end_a_stretch() -> None:
    assert load(duty(0, 10), duty(20.9, 30)).longest_time == 30 * HOUR
    assert load(duty(0, 10), duty(21, 30)).longest_time == 10 * HOUR


def test_an_hour_on_two_rosters_is_counted_once_and_told() -> None:
    found = load(duty(0, 10), duty(5, 12, roster=2), duty(6, 7, roster=3))
    assert found.duty == 12 * HOUR
    assert found.at_once == 5 * HOUR


def test_nights_are_those_of_the_persons_own_wall() -> None:
    night_in_shanghai = duty(16, 21, person=2)  # 00:00 to 05:00 there
    assert load(night_in_shanghai).nights == 1
    assert load(duty(16, 21)).nights == 0
    assert load(duty(0, 2.9)).nights == 0
    assert load(duty(0, 1.5), duty(3, 4.5)).nights == 1


def test_duty_outside_the_window_is_cut_off() -> None:
    found = load(duty(-24, 2), duty(335, 400))
    assert found.duty == 3 * HOUR
    assert loads([duty(-5, 0), duty(336, 340)], ZONES, WINDOW) == []


def test_the_heaviest_come_first() -> None:
    found = loads([duty(0, 5), duty(0, 2, person=2), duty(1, 2, roster=2, person=2)], ZONES, WINDOW)
    assert [one.person for one in found] == [2, 1]
