"""Turns at duty, on the wall clock and through the changes of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.instants import first_reading, zone_named
from tickets.oncall.rotation import Rotation, Unit, handover, on_duty, shifts
from tickets.refusal import Refusal

BERLIN = ZoneInfo("Europe/Berlin")
TRIO = ("Li Wei", "Chen Yu", "Ana Ruiz")


def rotation(start: str, length: int, unit: Unit, zone: ZoneInfo = BERLIN) -> Rotation:
    return Rotation(TRIO, datetime.fromisoformat(start).replace(tzinfo=zone), length, unit, zone)


HANDOVERS = [
    (
        "a day, into summer time",
        rotation("2026-03-27T09:00", 1, Unit.DAYS),
        3,
        "2026-03-30T09:00+02:00",
    ),
    (
        "a day, into winter time",
        rotation("2026-10-23T09:00", 1, Unit.DAYS),
        3,
        "2026-10-26T09:00+01:00",
    ),
    ("a skipped hour", rotation("2026-03-27T02:30", 1, Unit.DAYS), 2, "2026-03-29T03:00+02:00"),
    (
        "after the skipped hour",
        rotation("2026-03-27T02:30", 1, Unit.DAYS),
        3,
        "2026-03-30T02:30+02:00",
    ),
    (
        "an hour shown twice",
        rotation("2026-10-23T02:30", 1, Unit.DAYS),
        2,
        "2026-10-25T02:30+02:00",
    ),
    ("twelve hours", rotation("2026-03-28T20:00", 12, Unit.HOURS), 1, "2026-03-29T08:00+02:00"),
    ("a week", rotation("2026-03-23T09:00", 1, Unit.WEEKS), 1, "2026-03-30T09:00+02:00"),
    ("a month", rotation("2026-01-15T09:00", 1, Unit.MONTHS), 6, "2026-07-15T09:00+02:00"),
    ("a short month", rotation("2026-01-31T09:00", 1, Unit.MONTHS), 1, "2026-02-28T09:00+01:00"),
    (
        "after the short month",
        rotation("2026-01-31T09:00", 1, Unit.MONTHS),
        2,
        "2026-03-31T09:00+02:00",
    ),
    ("a leap year", rotation("2024-02-29T09:00", 12, Unit.MONTHS), 4, "2028-02-29T09:00+01:00"),
    (
        "before the first",
        rotation("2026-01-15T09:00", 1, Unit.MONTHS),
        -1,
        "2025-12-15T09:00+01:00",
    ),
]


@pytest.mark.parametrize(
    ("turns", "number", "at"), [c[1:] for c in HANDOVERS], ids=[c[0] for c in HANDOVERS]
)
def test_a_hand_over_keeps_its_wall_time(turns: Rotation, number: int, at: str) -> None:
    begins = handover(turns, number)
    assert begins == datetime.fromisoformat(at)
    assert on_duty(turns, begins).member == TRIO[number % 3]
    assert on_duty(turns, begins - timedelta(seconds=1)).member == TRIO[(number - 1) % 3]


def test_the_turns_of_a_window_are_those_that_overlap_it_uncut() -> None:
    turns = rotation("2026-09-21T09:00", 1, Unit.DAYS)
    a = datetime(2026, 9, 22, 7, tzinfo=UTC)  # 09:00 in Berlin
    found = list(shifts(turns, a, a + timedelta(days=2)))
    assert [(turn.member, turn.starts_at) for turn in found] == [
        ("Chen Yu", a),
        ("Ana Ruiz", a + timedelta(days=1)),
    ]
    later = a + timedelta(hours=1)
    assert [turn.starts_at for turn in shifts(turns, later, later + timedelta(hours=1))] == [a]
    assert list(shifts(turns, a, a)) == list(shifts(turns, later, a)) == []


def test_a_turn_that_lies_in_the_skipped_hour_is_left_out() -> None:
    hourly = rotation("2026-03-29T00:00", 1, Unit.HOURS)
    a = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight in Berlin
    found = list(shifts(hourly, a, a + timedelta(hours=4)))
    assert [turn.member for turn in found] == ["Li Wei", "Chen Yu", "Li Wei", "Chen Yu"]
    assert all(turn.ends_at - turn.starts_at == timedelta(hours=1) for turn in found)


def test_duty_centuries_away_is_found_without_stepping_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reckoned: list[datetime] = []

    def counted(shown: datetime, zone: ZoneInfo) -> datetime:
        reckoned.append(shown)
        return first_reading(shown, zone)

    monkeypatch.setattr("tickets.oncall.rotation.first_reading", counted)
    hourly = rotation("1970-01-01T00:00", 1, Unit.HOURS)
    far = on_duty(hourly, datetime(2899, 7, 1, 12, 30, tzinfo=UTC))
    assert far.starts_at == datetime(2899, 7, 1, 12, tzinfo=UTC)
    assert len(reckoned) < 10


def test_unusable_rotations_are_refused_in_a_sentence() -> None:
    start = datetime(2026, 9, 21, 9, tzinfo=BERLIN)
    with pytest.raises(Refusal, match="at least one member"):
        Rotation((), start, 1, Unit.DAYS, BERLIN)
    with pytest.raises(Refusal, match="at least 1 long"):
        Rotation(TRIO, start, 0, Unit.DAYS, BERLIN)
    with pytest.raises(Refusal, match="no time zone named “Berlin”"):
        Rotation(TRIO, start, 1, Unit.DAYS, zone_named("Berlin"))


def test_naive_times_are_refused() -> None:
    naive, turns = datetime(2026, 9, 21, 9), rotation("2026-09-21T09:00", 1, Unit.DAYS)
    with pytest.raises(ValueError, match="no time zone"):
        Rotation(TRIO, naive, 1, Unit.DAYS, BERLIN)
    with pytest.raises(ValueError, match="no time zone"):
        on_duty(turns, naive)
    with pytest.raises(ValueError, match="no time zone"):
        list(shifts(turns, naive, naive))


zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Shanghai"]
)
moments = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
rotations = st.builds(
    lambda zone, start, length, unit: Rotation(TRIO, start, length, unit, ZoneInfo(zone)),
    zones,
    moments,
    st.integers(1, 9),
    st.sampled_from(Unit),
)


@settings(max_examples=150, deadline=None)
@given(rotations, moments)
def test_somebody_is_on_duty_at_every_instant(turns: Rotation, at: datetime) -> None:
    now = on_duty(turns, at)
    assert now.starts_at <= at < now.ends_at
    assert on_duty(turns, now.starts_at) == now
    assert now in list(shifts(turns, at, at + timedelta(seconds=1)))


@settings(max_examples=100, deadline=None)
@given(rotations, moments, st.integers(0, 20 * 86400))
def test_turns_follow_each_other_without_gap(turns: Rotation, a: datetime, length: int) -> None:
    b = a + timedelta(seconds=length)
    found = list(shifts(turns, a, b))
    assert all(one.ends_at == two.starts_at for one, two in pairwise(found))
    if length:
        assert found[0].starts_at <= a < found[0].ends_at
        assert found[-1].starts_at < b <= found[-1].ends_at
