"""The schedule people see: layers within their hours, overrides, temporary rosters."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.rotation import Rotation, Shift, Unit
from tickets.oncall.schedule import Layer, Override, TemporarySchedule, final_schedule
from tickets.refusal import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=UTC)


TURNS = Rotation(("Li", "Chen"), at(21, 0), 12, Unit.HOURS, ZoneInfo("UTC"))  # Monday, 00:00
DAY = (at(21, 0), at(22, 0))


def shown(
    overrides: list[Override], *temporary: TemporarySchedule
) -> list[tuple[object, int, int]]:
    """The Monday as (member, hour from, hour to), midnight as 24."""
    return [
        (turn.member, turn.starts_at.hour, turn.ends_at.hour or 24)
        for turn in final_schedule([Layer(TURNS)], [*overrides, *temporary], *DAY)
    ]


def override(member: str | None, start: int, end: int, replaces: str | None = None) -> Override:
    return Override(member, at(21, start), at(21, end), replaces)


OVERRIDDEN: list[tuple[str, list[Override], list[tuple[object, int, int]]]] = [
    ("nothing", [], [("Li", 0, 12), ("Chen", 12, 24)]),
    (
        "a stand-in",
        [override("Ana", 8, 10, "Li")],
        [("Li", 0, 8), ("Ana", 8, 10), ("Li", 10, 12), ("Chen", 12, 24)],
    ),
    (
        "a stand-in takes only what there was",
        [override("Ana", 8, 14, "Li")],
        [("Li", 0, 8), ("Ana", 8, 12), ("Chen", 12, 24)],
    ),
    ("nobody to replace", [override("Ana", 1, 2, "Chen")], [("Li", 0, 12), ("Chen", 12, 24)]),
    (
        "a colleague takes over early",
        [override("Chen", 9, 12, "Li")],
        [("Li", 0, 9), ("Chen", 9, 24)],
    ),
    ("one more", [override("Ana", 11, 13)], [("Li", 0, 12), ("Ana", 11, 13), ("Chen", 12, 24)]),
    ("off without a stand-in", [override(None, 0, 6, "Li")], [("Li", 6, 12), ("Chen", 12, 24)]),
    (
        "a stand-in for the stand-in",
        [override("Ana", 6, 12, "Li"), override("Bo", 9, 12, "Ana")],
        [("Li", 0, 6), ("Ana", 6, 9), ("Bo", 9, 12), ("Chen", 12, 24)],
    ),
]


@pytest.mark.parametrize(
    ("overrides", "expected"), [c[1:] for c in OVERRIDDEN], ids=[c[0] for c in OVERRIDDEN]
)
def test_overrides_change_who_is_on_duty(
    overrides: list[Override], expected: list[tuple[object, int, int]]
) -> None:
    assert shown(overrides) == expected


def test_a_temporary_schedule_stands_in_place_of_all_else() -> None:
    fair = TemporarySchedule(at(21, 6), at(21, 18), (Shift("Ana", at(21, 5), at(21, 9)),))
    assert shown([override("Bo", 7, 20)], fair) == [
        ("Li", 0, 6),
        ("Ana", 6, 9),
        ("Bo", 18, 20),
        ("Chen", 18, 24),
    ]


ACTIVE = [
    (at(21, 11, 59), False),  # 19:59 in Shanghai, Monday
    (at(21, 12), True),
    (at(21, 23, 59), True),
    (at(22, 0), False),  # 08:00 on Tuesday
    (at(20, 23), False),  # the small hours of Monday belong to Sunday
]


@pytest.mark.parametrize(("moment", "active"), ACTIVE)
def test_hours_past_midnight_belong_to_the_day_they_start_on(
    moment: datetime, active: bool
) -> None:
    nights = DutyHours(frozenset({0}), time(20), time(8), SHANGHAI)
    assert nights.is_active(moment) is active


def test_hours_that_end_when_they_start_last_a_whole_day() -> None:
    monday = DutyHours(frozenset({0}), time(8), time(8), ZoneInfo("UTC"))
    assert list(monday.periods(at(20, 0), at(27, 0))) == [(at(21, 8), at(22, 8))]


def test_layers_stand_side_by_side_within_their_hours() -> None:
    lead = Rotation(("Ana",), at(1, 0), 1, Unit.WEEKS, ZoneInfo("UTC"))
    office = DutyHours(frozenset(range(5)), time(9), time(17), ZoneInfo("UTC"))
    found = final_schedule([Layer(TURNS), Layer(lead, office)], [], *DAY)
    assert found == [
        Shift("Li", at(21, 0), at(21, 12)),
        Shift("Ana", at(21, 9), at(21, 17)),
        Shift("Chen", at(21, 12), at(22, 0)),
    ]
    assert final_schedule([Layer(lead, office)], [], at(26, 0), at(28, 0)) == []


def test_turns_of_one_member_that_touch_are_one_shift() -> None:
    alone = Rotation(("Ana",), at(1, 0), 1, Unit.HOURS, ZoneInfo("UTC"))
    assert final_schedule([Layer(alone)], [], *DAY) == [Shift("Ana", *DAY)]


def test_unusable_changes_are_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match="after the start"):
        override("Ana", 8, 8)
    with pytest.raises(Refusal, match="after the start"):
        TemporarySchedule(at(21, 8), at(21, 7), ())
    with pytest.raises(Refusal, match="who takes over"):
        override(None, 8, 9)
    with pytest.raises(Refusal, match="at least one weekday"):
        DutyHours(frozenset(), time(8), time(9), SHANGHAI)
    with pytest.raises(ValueError, match="from 0"):
        DutyHours(frozenset({7}), time(8), time(9), SHANGHAI)
    with pytest.raises(ValueError, match="no time zone"):
        Override("Ana", datetime(2026, 9, 21), at(21, 9))
    with pytest.raises(ValueError, match="no time zone"):
        final_schedule([Layer(TURNS)], [], datetime(2026, 9, 21), at(22, 0))
