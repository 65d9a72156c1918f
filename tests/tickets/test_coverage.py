"""Which hours are covered by how many: tables, and what holds for every roster."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.oncall.coverage import Coverage, Demand, Duty, cover, stretches
from tickets.oncall.hour_grid import Hour, hours_of
from tickets.oncall.qualification import Need, Skills
from tickets.periods import Period

UTC = ZoneInfo("UTC")
MONDAY = dt.date(2026, 11, 23)
START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
IM_EN = Need("im", "", "en", "L1")
EVERYTHING = Skills({"im": frozenset()}, frozenset({"en", "zh"}), "L3")
SKILLS = {
    1: EVERYTHING,
    2: EVERYTHING,
    3: Skills({"im": frozenset()}, frozenset({"zh"}), "L3"),
    4: Skills({"rtc": frozenset()}, frozenset({"en"}), "L3"),
    5: Skills({"im": frozenset()}, frozenset({"en"}), "L1"),
}


def at(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def duty(person: int, start: float, end: float, roster: int = 1) -> Duty:
    return Duty(person, roster, at(start), at(end))


def covered(*duties: Duty, need: Need = IM_EN, days: int = 1) -> Coverage:
    demand = Demand(need, frozenset({1, 2}))
    return cover([demand], duties, SKILLS, hours_of(MONDAY, days, UTC))[0]


def counts(coverage: Coverage) -> list[int]:
    return [one.count for one in coverage.hours]


def test_each_hour_counts_the_people_on_duty() -> None:
    found = covered(duty(1, 0, 12), duty(2, 6, 24, roster=2))
    assert counts(found) == [1] * 6 + [2] * 6 + [1] * 12
    assert found.gaps == ()


def test_ten_minutes_without_anybody_make_the_hour_uncovered() -> None:
    found = covered(duty(1, 0, 8 + 50 / 60), duty(2, 9, 24))
    assert counts(found) == [1] * 8 + [0] + [1] * 15
    assert found.gaps == ((at(8 + 50 / 60), at(9)),)


def test_a_handover_leaves_no_gap_and_does_not_count_both() -> None:
    assert counts(covered(duty(1, 0, 8.5), duty(2, 8.5, 24))) == [1] * 24


def test_one_person_on_two_rosters_is_one_person() -> None:
    assert counts(covered(duty(1, 0, 24), duty(1, 0, 24, roster=2))) == [1] * 24


@pytest.mark.parametrize("person", [3, 4, 9])
def test_who_lacks_language_product_or_any_skill_counts_for_nothing(person: int) -> None:
    found = covered(duty(person, 0, 24))
    assert counts(found) == [0] * 24
    assert found.gaps == ((at(0), at(24)),)


def test_a_level_asks_for_that_or_more() -> None:
    assert counts(covered(duty(5, 0, 24), need=Need("im", "", "en", "L2"))) == [0] * 24
    assert counts(covered(duty(5, 0, 24), duty(1, 0, 24), need=Need("im", "", "en", "L2"))) == (
        [1] * 24
    )


def test_a_roster_that_is_not_rung_for_it_does_not_count() -> None:
    assert counts(covered(duty(1, 0, 24, roster=7))) == [0] * 24


def test_hours_are_those_of_the_wall_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = hours_of(dt.date(2026, 3, 29), 1, berlin)
    assert [hour.hour for hour in spring] == [0, 1, *range(3, 24)]
    autumn = hours_of(dt.date(2026, 10, 25), 1, berlin)
    assert [hour.hour for hour in autumn] == [0, 1, 2, 2, *range(3, 24)]
    for hours in (
        spring,
        autumn,
        hours_of(dt.date(2026, 10, 3), 2, ZoneInfo("Australia/Lord_Howe")),
    ):
        for before, after in zip(hours, hours[1:], strict=False):
            assert before.ends_at == after.starts_at


def test_hours_with_a_count_leave_out_what_is_over() -> None:
    found = covered(duty(1, 0, 8), duty(1, 20, 24))
    assert [one.hour.hour for one in found.hours_with(0, at(18.5))] == [18, 19]
    assert len(found.hours_with(1, at(0))) == 12


DUTIES = st.lists(
    st.builds(
        lambda person, roster, start, length: duty(
            person, start / 60, (start + length) / 60, roster
        ),
        st.sampled_from(sorted(SKILLS)),
        st.sampled_from([1, 2, 3]),
        st.integers(-600, 3 * 1440),
        st.integers(1, 2000),
    ),
    max_size=12,
)
HOURS = hours_of(MONDAY, 2, UTC)


def one(duties: list[Duty]) -> Coverage:
    return cover([Demand(IM_EN, frozenset({1, 2}))], duties, SKILLS, HOURS)[0]


@given(DUTIES)
def test_gap_time_and_covered_time_are_all_the_time(duties: list[Duty]) -> None:
    able = [d for d in duties if d.person in (1, 2, 5) and d.roster in (1, 2)]
    window = (HOURS[0].starts_at, HOURS[-1].ends_at)
    line = stretches(able, window)
    there = sum((s.ends_at - s.starts_at for s in line if s.people), dt.timedelta())
    gone = sum((end - start for start, end in one(duties).gaps), dt.timedelta())
    assert there + gone == window[1] - window[0]
    assert line[0].starts_at == window[0]
    assert line[-1].ends_at == window[1]


@given(DUTIES)
def test_an_hour_is_uncovered_exactly_when_a_gap_touches_it(duties: list[Duty]) -> None:
    def touched(hour: Hour, gaps: tuple[Period, ...]) -> bool:
        return any(start < hour.ends_at and end > hour.starts_at for start, end in gaps)

    found = one(duties)
    for each in found.hours:
        assert (each.count == 0) == touched(each.hour, found.gaps)


@given(DUTIES, DUTIES)
def test_adding_shifts_never_opens_a_gap(duties: list[Duty], more: list[Duty]) -> None:
    before, after = counts(one(duties)), counts(one(duties + more))
    assert all(few <= many for few, many in zip(before, after, strict=True))


@given(DUTIES)
def test_the_order_of_the_shifts_does_not_matter(duties: list[Duty]) -> None:
    assert counts(one(duties)) == counts(one(duties[::-1]))
