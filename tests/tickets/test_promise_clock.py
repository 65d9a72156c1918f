"""The promise clock: what keeps a promise, what breaks it, and what cannot have happened."""

from datetime import UTC, datetime, timedelta

import pytest

from tickets.sla.calendar import AroundTheClock
from tickets.sla.clock import Clock, ClockState, Terms, replay
from tickets.sla.facts import Fact, FactKind, ImpossibleFact
from tickets.sla.written_calendar import read_calendar

NINE = datetime(2026, 9, 24, 9, tzinfo=UTC)  # a Thursday
QUARTER = Terms(target_seconds=15 * 60, calendar=AroundTheClock(), pausable=True)
OFFICE = Terms(
    target_seconds=4 * 3600,
    calendar=read_calendar(
        zone="UTC",
        weekly={day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")},
    ),
    pausable=True,
)


def minute(number: float) -> datetime:
    return NINE + timedelta(minutes=number)


def facts(*written: str) -> list[Fact]:
    """Facts written as "paused 5" (minutes after nine) or "retargeted 5 600" (seconds)."""
    result = []
    for line in written:
        kind, at, *target = line.split()
        result.append(Fact(FactKind(kind), minute(float(at)), *map(int, target)))
    return result


def after(*written: str, terms: Terms = QUARTER) -> Clock:
    return replay(terms, facts("started 0", *written))


JUDGED: list[tuple[str, list[str], bool | None, float | None, ClockState]] = [
    ("just started", [], None, None, ClockState.RUNNING),
    ("met in time", ["met 14"], True, None, ClockState.MET),
    ("met at the very due time", ["met 15"], True, None, ClockState.MET),
    ("met late", ["met 15.1"], False, 15, ClockState.MET),
    ("breach put on record late", ["breached 19"], False, 15, ClockState.RUNNING),
    ("breach put on record, met afterwards", ["breached 16", "met 20"], False, 15, ClockState.MET),
    ("breach first, met at the same instant", ["breached 15", "met 15"], False, 15, ClockState.MET),
    ("cancelled in time", ["cancelled 3"], None, None, ClockState.CANCELLED),
    ("cancelled when already broken", ["cancelled 30"], False, 15, ClockState.CANCELLED),
    ("paused", ["paused 5"], None, None, ClockState.PAUSED),
    ("met while paused", ["paused 5", "met 100"], True, None, ClockState.MET),
    (
        "met in time thanks to a pause",
        ["paused 5", "resumed 25", "met 35"],
        True,
        None,
        ClockState.MET,
    ),
    ("met late after a pause", ["paused 5", "resumed 25", "met 36"], False, 35, ClockState.MET),
    ("paused when already broken", ["paused 20"], False, 15, ClockState.PAUSED),
    ("broken, paused, resumed", ["paused 20", "resumed 50", "met 51"], False, 15, ClockState.MET),
    ("noticed during a later pause", ["paused 20", "breached 21"], False, 15, ClockState.PAUSED),
    ("stricter in time", ["retargeted 2 600", "met 10"], True, None, ClockState.MET),
    ("stricter, met late", ["retargeted 2 600", "met 11"], False, 10, ClockState.MET),
    ("stricter than what was used", ["retargeted 12 600", "met 13"], False, 12, ClockState.MET),
    ("looser in time", ["retargeted 12 3600", "met 59"], True, None, ClockState.MET),
    ("looser after the breach", ["retargeted 16 3600", "met 20"], False, 15, ClockState.MET),
    (
        "stricter while paused",
        ["paused 12", "retargeted 13 600", "resumed 20", "met 21"],
        False,
        20,
        ClockState.MET,
    ),
]


@pytest.mark.parametrize(
    ("written", "kept", "breached", "state"), [c[1:] for c in JUDGED], ids=[c[0] for c in JUDGED]
)
def test_a_promise_is_judged(
    written: list[str], kept: bool | None, breached: float | None, state: ClockState
) -> None:
    clock = after(*written)
    assert clock.kept is kept
    assert clock.breached_at == (None if breached is None else minute(breached))
    assert clock.state is state


IMPOSSIBLE: list[tuple[list[str], str]] = [
    (["met 1"], "the clock was not started"),
    (["started 0", "started 1"], "the clock was started before"),
    (["started 0", "resumed 1"], "the clock is not paused"),
    (["started 0", "paused 1", "paused 2"], "the clock is paused"),
    (["started 0", "met 1", "met 2"], "the clock is met"),
    (["started 0", "met 1", "breached 20"], "the clock is met"),
    (["started 0", "cancelled 1", "met 2"], "the clock is cancelled"),
    (["started 5", "met 1"], "an earlier fact is of 2026-09-24 09:05:00+00:00"),
    (["started 0", "breached 14"], "the promise is due only at 2026-09-24 09:15:00+00:00"),
    (["started 0", "paused 5", "breached 60"], "a paused clock cannot be breached"),
    (["started 0", "breached 16", "breached 17"], "the breach was noticed at 2026-09-24 09:16"),
]


@pytest.mark.parametrize(("written", "reason"), IMPOSSIBLE)
def test_an_impossible_fact_is_named(written: list[str], reason: str) -> None:
    with pytest.raises(ImpossibleFact) as impossible:
        replay(QUARTER, facts(*written))
    assert impossible.value.fact == facts(written[-1])[0]
    assert impossible.value.reason.startswith(reason)
    assert str(impossible.value).startswith(f"{written[-1].split()[0]} at 2026-09-24 ")


def test_a_promise_that_knows_no_pause_refuses_one() -> None:
    terms = Terms(target_seconds=900, calendar=AroundTheClock(), pausable=False)
    with pytest.raises(ImpossibleFact, match="knows no pause"):
        after("paused 1", terms=terms)


def test_a_paused_clock_has_no_due_time_and_its_rest_is_frozen() -> None:
    clock = after("paused 5")
    assert clock.due_at is None
    assert clock.remaining(minute(5)) == clock.remaining(minute(500)) == 600
    assert clock.at(minute(35)).paused_seconds == 1800
    assert clock.at(minute(5000)).kept is None


def test_time_left_runs_down_and_below_nought() -> None:
    clock = after()
    assert clock.due_at == minute(15)
    assert [clock.remaining(minute(m)) for m in (0, 5, 15, 20)] == [900, 600, 0, -300]
    assert [clock.fraction_used(minute(m)) for m in (0, 3, 15, 30)] == [0, 0.2, 1, 2]


def test_a_breach_is_noticed_when_asked_but_dated_when_it_happened() -> None:
    clock = after()
    assert clock.at(minute(15)).kept is None
    assert clock.at(minute(90)).kept is False
    assert clock.at(minute(90)).breached_at == minute(15)
    recorded = after("breached 17")
    assert (recorded.breached_at, recorded.noticed_at) == (minute(15), minute(17))
    assert recorded.due_at == minute(15)


def test_an_ended_clock_stands_still() -> None:
    clock = after("met 6")
    assert clock.remaining(minute(600)) == 540
    assert clock.at(minute(600)) == clock
    assert clock.met_at == minute(6)


def test_a_clock_cannot_be_asked_about_its_past() -> None:
    with pytest.raises(ValueError, match="is over"):
        after("paused 5").remaining(minute(4))


def test_only_working_time_counts() -> None:
    clock = after("paused 450", "resumed 1500", terms=OFFICE)  # 16:30 to 10:00 on Friday
    assert clock.due_at == NINE.replace(day=24, hour=13)  # broken before it was paused
    late = replay(OFFICE, facts("started 420", "paused 450", "resumed 1500"))
    assert late.elapsed_seconds == 1800
    assert late.paused_seconds == 1800 + 3600
    assert late.due_at == NINE.replace(day=25, hour=13, minute=30)


def test_a_promise_given_at_night_starts_in_the_morning() -> None:
    clock = replay(OFFICE, facts("started 720"))  # 21:00
    assert clock.due_at == NINE.replace(day=25, hour=13)
    assert clock.fraction_used(minute(720 + 300)) == 0


def test_facts_and_terms_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        Fact(FactKind.STARTED, NINE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="and no other, has a target"):
        Fact(FactKind.MET, NINE, 5)
    with pytest.raises(ValueError, match="and no other, has a target"):
        Fact(FactKind.RETARGETED, NINE)
    with pytest.raises(ValueError, match="0 seconds"):
        Fact(FactKind.RETARGETED, NINE, 0)
    with pytest.raises(ValueError, match="0 seconds"):
        Terms(target_seconds=0, calendar=AroundTheClock(), pausable=True)
    with pytest.raises(ValueError, match="never started"):
        replay(QUARTER, [])
