"""A due time told step by step agrees with the clock, and stays short however long it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.test_promise_properties import amounts, calendars, instants
from tickets.periods import Period
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import ClockState, Terms, replay
from tickets.sla.explanation import (
    OPENINGS_TOLD,
    Breached,
    Due,
    Ended,
    Explanation,
    Met,
    Paused,
    Recorded,
    Retargeted,
    Started,
    Stretch,
    explain,
)
from tickets.sla.facts import Fact, FactKind, ImpossibleFact
from tickets.sla.written_calendar import read_calendar

HOUR = 3600
ALWAYS = AroundTheClock()
OFFICE = read_calendar(
    zone="UTC", weekly={day: [("09:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
)


def at(text: str) -> datetime:
    """A day and time of November 2026, which begins on a Sunday: "20 16:00" is a Friday."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=UTC)


def row(kind: FactKind, when: str, target: int | None = None, **more: str) -> Recorded:
    return Recorded(Fact(kind, at(when), target), **more)


def told(
    hours: float, *rows: Recorded, now: str, calendar: Calendar = OFFICE, until: str = ""
) -> Explanation:
    terms = Terms(int(hours * HOUR), calendar, pausable=True, until=at(until) if until else None)
    return explain(terms, rows, at(now))


def spans(explained: Explanation) -> list[tuple[datetime, datetime, float, bool]]:
    return [(one.start, one.end, one.open_seconds, one.ahead) for one in explained.stretches]


STARTED = row(FactKind.STARTED, "20 17:00", by="Zhao Min", reason="opened", policy="p v1")


def test_a_weekend_between_is_told_as_closed() -> None:
    found = told(2, STARTED, now="20 17:30")
    assert found.steps[0] == Started(
        at("20 17:00"), 2 * HOUR, None, by="Zhao Min", reason="opened", policy="p v1"
    )
    assert spans(found) == [
        (at("20 17:00"), at("20 17:30"), HOUR / 2, False),
        (at("20 17:30"), at("20 18:00"), HOUR / 2, True),
        (at("20 18:00"), at("23 09:00"), 0.0, True),
        (at("23 09:00"), at("23 10:00"), HOUR, True),
    ]
    assert found.steps[-1] == Due(at("23 10:00"), 1.5 * HOUR)


def test_a_pause_is_told_whole_with_who_and_why() -> None:
    found = told(
        2,
        row(FactKind.STARTED, "23 10:00"),
        row(FactKind.PAUSED, "23 10:30", by="Zhao Min", reason="waiting on customer"),
        row(FactKind.RESUMED, "23 11:13"),
        now="23 11:20",
    )
    assert found.pauses == (
        Paused(
            at("23 10:30"),
            at("23 11:13"),
            43 * 60,
            43 * 60,
            by="Zhao Min",
            reason="waiting on customer",
            policy="",
        ),
    )
    assert found.steps[-1] == Due(at("23 12:43"), 83 * 60)


def test_a_pause_that_lasts_has_no_end_and_no_due_time() -> None:
    found = told(
        2, row(FactKind.STARTED, "23 10:00"), row(FactKind.PAUSED, "23 10:30"), now="23 12:30"
    )
    assert (found.pauses[0].end, found.pauses[0].seconds) == (None, 2 * HOUR)
    assert found.steps[-1] == Due(None, 1.5 * HOUR)


def test_a_pause_over_a_closed_night_counts_its_working_time_apart() -> None:
    found = told(
        2,
        row(FactKind.STARTED, "23 10:00"),
        row(FactKind.PAUSED, "23 17:00"),
        row(FactKind.RESUMED, "24 10:00"),
        now="24 10:00",
    )
    assert (found.pauses[0].seconds, found.pauses[0].open_seconds) == (17 * HOUR, 2 * HOUR)


def test_a_retarget_says_what_was_used_and_what_follows() -> None:
    found = told(
        8,
        row(FactKind.STARTED, "23 10:00", policy="normal v1"),
        row(FactKind.RETARGETED, "23 11:00", 2 * HOUR, reason="severity changed", policy="u v1"),
        now="23 11:00",
    )
    assert found.retargets == (
        Retargeted(
            at("23 11:00"),
            before_seconds=8 * HOUR,
            target_seconds=2 * HOUR,
            used_seconds=HOUR,
            due_at=at("23 12:00"),
            by="",
            reason="severity changed",
            policy="u v1",
        ),
    )


def test_a_retarget_inside_a_pause_does_not_cut_the_pause_in_two() -> None:
    found = told(
        8,
        row(FactKind.STARTED, "23 10:00"),
        row(FactKind.PAUSED, "23 11:00"),
        row(FactKind.RETARGETED, "23 12:00", 4 * HOUR),
        row(FactKind.RESUMED, "23 13:00"),
        now="23 13:00",
    )
    assert [(one.start, one.end) for one in found.pauses] == [(at("23 11:00"), at("23 13:00"))]
    assert found.retargets[0].due_at is None
    assert found.steps[-1] == Due(at("23 16:00"), 3 * HOUR)


def test_met_in_time_says_how_much_was_left() -> None:
    found = told(2, STARTED, row(FactKind.MET, "23 09:30", by="Li Wei"), now="30 00:00")
    assert found.steps[-1] == Met(
        at("23 09:30"), at("23 10:00"), HOUR / 2, 0.0, by="Li Wei", reason="", policy=""
    )


def test_a_breach_stands_at_its_own_instant_under_its_own_policy() -> None:
    """Also when it was noticed late, by a fact of another policy."""
    found = told(
        2,
        row(FactKind.STARTED, "23 10:00", policy="first"),
        row(FactKind.RETARGETED, "23 13:00", 8 * HOUR, policy="second"),
        row(FactKind.MET, "23 14:00", policy="second"),
        now="23 20:00",
    )
    kinds = [type(step) for step in found.steps]
    assert kinds == [Started, Stretch, Breached, Stretch, Retargeted, Stretch, Met]
    assert found.steps[2] == Breached(at("23 12:00"), policy="first")
    met = found.steps[-1]
    assert isinstance(met, Met)
    assert (met.due_at, met.late_seconds) == (at("23 12:00"), 2 * HOUR)


def test_a_recorded_breach_changes_nothing() -> None:
    rows = [STARTED, row(FactKind.BREACHED, "23 10:00"), row(FactKind.MET, "23 11:00")]
    assert told(2, *rows, now="23 12:00") == told(2, STARTED, rows[2], now="23 12:00")


def test_an_overdue_promise_has_no_outlook() -> None:
    found = told(2, STARTED, now="23 11:00")
    assert found.clock.breached_at == at("23 10:00")
    assert not any(isinstance(step, Due) or getattr(step, "ahead", False) for step in found.steps)


def test_what_is_given_up_ends_with_the_reason() -> None:
    found = told(2, STARTED, row(FactKind.CANCELLED, "20 17:30", reason="solved"), now="21 00:00")
    assert found.steps[-1] == Ended(at("20 17:30"), by="", reason="solved", policy="")


def test_an_instant_a_person_named_is_due_at_that_very_instant() -> None:
    found = told(1, STARTED, now="20 17:30", calendar=ALWAYS, until="22 10:07")
    assert isinstance(found.steps[0], Started)
    assert found.steps[0].until == at("22 10:07")
    last = found.steps[-1]
    assert isinstance(last, Due)
    assert (last.at, last.left_seconds) == (at("22 10:07"), 40 * HOUR + 37 * 60)


def test_a_year_of_closed_weekends_is_one_line() -> None:
    found = told(2000, row(FactKind.STARTED, "2 09:00"), now="2 09:00")
    assert len(found.steps) == 3
    (stretch,) = found.stretches
    assert (stretch.open_seconds, stretch.ahead) == (2000 * HOUR, True)
    assert stretch.closed_seconds > 200 * 24 * HOUR


@pytest.mark.parametrize(("openings", "lines"), [(OPENINGS_TOLD, 5), (OPENINGS_TOLD + 1, 1)])
def test_a_few_openings_are_told_each(openings: int, lines: int) -> None:
    found = told(9 * openings, row(FactKind.STARTED, "2 09:00"), now="2 09:00")
    assert len(found.stretches) == lines


def test_openings_that_touch_are_one() -> None:
    split = read_calendar(zone="UTC", weekly={"mon": [("09:00", "12:00"), ("12:00", "18:00")]})
    found = told(9, row(FactKind.STARTED, "23 09:00"), now="23 09:00", calendar=split)
    assert len(found.stretches) == 1
    assert found.stretches[0].is_open


def test_a_ledger_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="never started"):
        told(2, now="20 17:00")
    with pytest.raises(ImpossibleFact):
        told(2, STARTED, row(FactKind.RESUMED, "20 17:30"), now="20 18:00")


gaps = st.lists(st.floats(0, 4e6, allow_subnormal=False), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(calendars, instants, amounts, gaps, st.data())
def test_the_steps_add_up_to_the_clock(
    calendar: Calendar, start: datetime, target: float, passing: list[float], data: st.DataObject
) -> None:
    """Stretches that counted make the elapsed time, pauses the paused time, in order of time."""
    terms = Terms(max(1, int(target)), calendar, pausable=True)
    facts = [Fact(FactKind.STARTED, start)]
    paused, when = False, start
    for seconds in passing[:-1]:
        when += timedelta(seconds=seconds)
        kinds = [FactKind.RESUMED if paused else FactKind.PAUSED, FactKind.RETARGETED]
        kind = data.draw(st.sampled_from(kinds))
        paused = paused if kind is FactKind.RETARGETED else not paused
        facts.append(Fact(kind, when, 7200 if kind is FactKind.RETARGETED else None))
    now = when + timedelta(seconds=passing[-1])
    found = explain(terms, [Recorded(fact) for fact in facts], now)
    clock = replay(terms, facts).at(now)
    assert found.clock == clock
    past = [one for one in found.stretches if not one.ahead]
    assert sum(one.open_seconds for one in past) == pytest.approx(clock.elapsed_seconds)
    assert sum(one.open_seconds for one in found.pauses) == pytest.approx(clock.paused_seconds)
    assert len(found.steps) <= 3 + len(facts) * (4 * OPENINGS_TOLD + 4)
    covered: list[Period] = [(one.start, one.end) for one in found.stretches]
    assert all(first[1] <= second[0] for first, second in zip(covered, covered[1:], strict=False))
    if clock.state is ClockState.RUNNING and clock.breached_at is None:
        ahead = sum(one.open_seconds for one in found.stretches if one.ahead)
        # A stricter target may be used up at the very instant it falls due.
        assert ahead == pytest.approx(max(0.0, clock.remaining(now)), abs=1e-5)
