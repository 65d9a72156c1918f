"""When each contact method is rung: delays, quiet hours, what is out of use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from accounts.contact_methods import Quiet, calls

UTC = ZoneInfo("UTC")
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
NIGHT = Quiet(dt.time(22), dt.time(7))


@dataclass(frozen=True)
class Way:
    name: str
    delay_seconds: int = 0
    position: int = 0
    is_usable: bool = True


PUSH, PHONE = Way("push"), Way("phone", 120, 1)
LOGIN = Way("login")


def waits(*methods: Way, at: dt.datetime = NOON, urgent: bool = True) -> list[tuple[str, float]]:
    """Each call by name, with its seconds after `at`; nights are quiet."""
    found = calls(methods, urgent=urgent, at=at, zone=UTC, quiet=NIGHT, login=LOGIN)
    return [(method.name, (due - at).total_seconds()) for method, due in found]


def test_push_at_once_and_phone_after_two_minutes() -> None:
    assert waits(PHONE, PUSH) == [("push", 0), ("phone", 120)]


def test_methods_with_one_delay_ring_in_their_order() -> None:
    second = Way("second", position=2)
    assert waits(second, PHONE, PUSH) == [("push", 0), ("second", 0), ("phone", 120)]


def test_nobody_waits_for_a_method_that_is_not_rung() -> None:
    unverified = Way("push", is_usable=False)
    assert waits(unverified, PHONE, Way("chat", 300)) == [("phone", 0), ("chat", 180)]


def test_a_delay_somebody_chose_for_their_only_method_is_kept() -> None:
    assert waits(PHONE) == [("phone", 120)]


def test_a_person_without_a_usable_method_is_rung_at_their_login() -> None:
    assert waits() == [("login", 0)]
    assert waits(Way("phone", 120, is_usable=False)) == [("login", 0)]


@pytest.mark.parametrize(
    ("at", "waits_until"),
    [
        ("2026-11-23T21:59:59", "2026-11-23T21:59:59"),
        ("2026-11-23T22:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T07:00:00"),
        ("2026-11-24T06:59:59", "2026-11-24T07:00:00"),
        ("2026-11-24T07:00:00", "2026-11-24T07:00:00"),
    ],
)
def test_what_is_not_urgent_waits_until_quiet_hours_end(at: str, waits_until: str) -> None:
    start = dt.datetime.fromisoformat(at + "+00:00")
    ((_push, due),) = calls([PUSH], urgent=False, at=start, zone=UTC, quiet=NIGHT)
    assert due == dt.datetime.fromisoformat(waits_until + "+00:00")


def test_urgent_never_waits() -> None:
    midnight = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    assert waits(PUSH, PHONE, at=midnight, urgent=True) == [("push", 0), ("phone", 120)]
    assert waits(at=midnight, urgent=True) == [("login", 0)]


def test_no_call_is_held_beyond_the_end_of_quiet_hours() -> None:
    nearly = dt.datetime(2026, 11, 24, 6, 59, tzinfo=dt.UTC)
    assert waits(PUSH, PHONE, at=nearly, urgent=False) == [("push", 60), ("phone", 120)]
    midnight = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    assert waits(PUSH, PHONE, at=midnight, urgent=False) == [("push", 25200), ("phone", 25200)]
    assert waits(at=midnight, urgent=False) == [("login", 25200)]


def test_a_delay_that_ends_in_quiet_hours_waits_for_their_end() -> None:
    evening = dt.datetime(2026, 11, 23, 21, 59, tzinfo=dt.UTC)
    assert waits(PUSH, PHONE, at=evening, urgent=False) == [("push", 0), ("phone", 9 * 3600 + 60)]


def test_quiet_hours_within_a_day_and_in_the_persons_zone() -> None:
    siesta = Quiet(dt.time(13), dt.time(15))
    at = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)  # 14:00 in Shanghai
    assert siesta.until(at, SHANGHAI) == dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
    assert siesta.until(at, UTC) is None


@pytest.mark.parametrize(
    ("end", "day", "expected"),
    [
        (dt.time(2, 30), 29, "2026-03-29T01:00:00+00:00"),  # skipped: the clocks jump at 02:00
        (dt.time(3), 29, "2026-03-29T01:00:00+00:00"),
        (dt.time(7), 29, "2026-03-29T05:00:00+00:00"),
    ],
)
def test_quiet_hours_end_by_the_wall_when_the_clocks_change(
    end: dt.time, day: int, expected: str
) -> None:
    at = dt.datetime(2026, 3, day, 0, tzinfo=dt.UTC)
    assert Quiet(dt.time(22), end).until(at, BERLIN) == dt.datetime.fromisoformat(expected)


def test_an_hour_shown_twice_is_quiet_once() -> None:
    quiet = Quiet(dt.time(22), dt.time(2, 30))
    first = dt.datetime(2026, 10, 25, 0, 15, tzinfo=dt.UTC)  # 02:15, first showing
    second = first + dt.timedelta(hours=1)
    assert quiet.until(first, BERLIN) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    assert quiet.until(second, BERLIN) is None
