"""The time of a promise, split by the level that held the ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.test_promise_properties import calendars, instants
from tickets.sla.budgets import (
    NOBODY,
    Held,
    LevelTime,
    Running,
    running_periods,
    spent_at,
    time_of_levels,
    used_up_at,
)
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Terms, replay
from tickets.sla.facts import Fact, FactKind
from tickets.sla.written_calendar import read_calendar

ALWAYS = AroundTheClock()
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
BUDGETS = {"L1": 30 * 60, "L2": 3600}


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def minutes(
    facts: list[tuple[FactKind, float]],
    holdings: list[tuple[float, str]],
    until: float,
    calendar: Calendar = ALWAYS,
) -> dict[str, float]:
    periods = running_periods(calendar, [Fact(kind, after(at)) for kind, at in facts], after(until))
    held = [Held(after(since), level) for since, level in holdings]
    return {one.level: one.seconds / 60 for one in time_of_levels(periods, held)}


START = (FactKind.STARTED, 0.0)
PAUSE = (FactKind.PAUSED, 20.0)
RESUME = (FactKind.RESUMED, 50.0)


@pytest.mark.parametrize(
    ("facts", "holdings", "until", "expected"),
    [
        ([START], [], 12, {NOBODY: 12}),
        ([START], [(5, "L1")], 12, {NOBODY: 5, "L1": 7}),
        ([START], [(-60, "L1")], 12, {"L1": 12}),  # held before the promise was given
        ([START], [(0, "L1"), (12, "L2")], 30, {"L1": 12, "L2": 18}),
        ([START], [(0, "L1"), (12, "L2"), (20, "L1")], 30, {"L1": 22, "L2": 8}),
        ([START], [(0, "L1"), (10, NOBODY)], 30, {"L1": 10, NOBODY: 20}),
        ([START], [(5, "L1"), (5, "L2")], 12, {NOBODY: 5, "L2": 7}),  # of one instant the last
        ([START, PAUSE], [(0, "L1")], 600, {"L1": 20}),
        ([START, PAUSE, RESUME], [(0, "L1"), (30, "L2")], 60, {"L1": 20, "L2": 10}),
        ([START, PAUSE, (FactKind.MET, 50)], [(0, "L1")], 600, {"L1": 20}),
        ([START, (FactKind.BREACHED, 10), (FactKind.MET, 15)], [(0, "L1")], 600, {"L1": 15}),
        ([START, (FactKind.BREACHED, 10)], [(0, "L1")], 25, {"L1": 25}),  # late runs on
        ([START], [(0, "L1")], -5, {}),
    ],
)
def test_who_spent_how_many_minutes(
    facts: list[tuple[FactKind, float]],
    holdings: list[tuple[float, str]],
    until: float,
    expected: dict[str, float],
) -> None:
    assert minutes(facts, holdings, until) == expected


def test_only_working_time_is_spent() -> None:
    office = read_calendar(zone="UTC", weekly={"mon": [("09:00", "10:00")]})
    assert minutes([START], [(30, "L1")], 600, office) == {NOBODY: 30, "L1": 30}


def test_a_level_that_never_held_it_still_has_its_budget() -> None:
    found = time_of_levels([Running(ALWAYS, NINE, after(12))], [Held(NINE, "L1")], BUDGETS)
    assert found == [LevelTime("L1", 720, 1800), LevelTime("L2", 0.0, 3600)]


def test_a_budget_is_spent_at_its_last_second() -> None:
    assert not LevelTime("L1", 1799.9, 1800).is_spent
    assert LevelTime("L1", 1800, 1800).is_spent
    assert LevelTime("L1", 2000, 1800).is_spent
    assert not LevelTime("L1", 10**9).is_spent


@pytest.mark.parametrize(
    ("level", "holds", "expected"),
    [
        (LevelTime("L1", 600, 1800), True, after(20)),
        (LevelTime("L1", 600, 1800), False, None),
        (LevelTime("L1", 1800, 1800), False, NINE),
        (LevelTime("L1", 600), True, None),
    ],
)
def test_when_a_budget_will_be_used_up(
    level: LevelTime, holds: bool, expected: datetime | None
) -> None:
    assert used_up_at(ALWAYS, level, NINE, holds=holds) == expected


@pytest.mark.parametrize(
    ("budget", "expected"), [(12, after(12)), (20, after(20)), (35, after(65)), (36, None)]
)
def test_the_instant_a_budget_was_used_up(budget: float, expected: datetime | None) -> None:
    """L1 ran from 0 to 20, was paused, and held it again from 50 to 65; L2 had it after that."""
    facts = [Fact(kind, after(at)) for kind, at in (START, PAUSE, RESUME)]
    periods = running_periods(ALWAYS, facts, after(100))
    held = [Held(NINE, "L1"), Held(after(65), "L2")]
    found = spent_at(periods, held, "L1", int(budget * 60))
    assert found == expected


turns = st.lists(
    st.tuples(st.floats(-1e6, 4e6, allow_subnormal=False), st.sampled_from(["L1", "L2", NOBODY])),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(
    st.tuples(calendars, calendars),
    instants,
    st.lists(st.floats(0, 1e6), max_size=6),
    turns,
    st.booleans(),
)
def test_the_levels_together_spent_what_the_clock_counted(
    both: tuple[Calendar, Calendar],
    start: datetime,
    gaps: list[float],
    held: list[tuple[float, str]],
    ends: bool,
) -> None:
    calendar, other = both
    facts, when = [Fact(FactKind.STARTED, start)], start
    for index, gap in enumerate(gaps):
        when += timedelta(seconds=gap)
        facts.append(Fact(FactKind.RESUMED if index % 2 else FactKind.PAUSED, when))
        if index % 3 == 1:
            facts.append(Fact(FactKind.RETARGETED, when, 7200, other))
    if ends:
        facts.append(Fact(FactKind.MET, when + timedelta(hours=1)))
    now = when + timedelta(hours=2)
    clock = replay(Terms(3600, calendar, pausable=True), facts).at(now)
    holdings = [Held(start + timedelta(seconds=since), level) for since, level in held]
    found = time_of_levels(running_periods(calendar, facts, now), holdings)
    assert sum(one.seconds for one in found) == pytest.approx(clock.elapsed_seconds, abs=1e-4)
