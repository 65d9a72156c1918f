"""Who is rung, and who after them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tickets.oncall.ladder import (
    Ladder,
    Rung,
    Step,
    frozen,
    next_in_line,
    next_index,
    schedule,
    step_at,
    thawed,
)
from tickets.refusal import Refusal

THREE = datetime(2026, 9, 24, 3, tzinfo=UTC)
LI, CHEN, ANA = Rung(7, "Li Wei", "L2"), Rung(8, "Chen Yu", "L3"), Rung(9, "Ana Ruiz", "lead")
FIRST, NOBODY, SECOND = Step(240, (LI,)), Step(600, ()), Step(180, (CHEN, ANA))


def due(steps: tuple[Step, ...], rounds: int) -> list[tuple[int, float]]:
    """The schedule as step number and minutes after three."""
    ladder = Ladder(steps, rounds)
    return [(index, (at - THREE) / timedelta(minutes=1)) for index, at in schedule(ladder, THREE)]


SCHEDULES: list[tuple[str, tuple[Step, ...], int, list[tuple[int, float]]]] = [
    ("one step", (FIRST,), 1, [(0, 0)]),
    ("two steps", (FIRST, SECOND), 1, [(0, 0), (1, 4)]),
    ("two rounds", (FIRST, SECOND), 2, [(0, 0), (1, 4), (2, 7), (3, 11)]),
    ("nobody first", (NOBODY, SECOND), 1, [(1, 0)]),
    ("nobody between", (FIRST, NOBODY, SECOND), 2, [(0, 0), (2, 4), (3, 7), (5, 11)]),
    ("nobody last", (FIRST, NOBODY), 2, [(0, 0), (2, 4)]),
    ("no waiting", (Step(0, (LI,)), SECOND), 1, [(0, 0), (1, 0)]),
]


@pytest.mark.parametrize(
    ("steps", "rounds", "expected"), [c[1:] for c in SCHEDULES], ids=[c[0] for c in SCHEDULES]
)
def test_steps_ring_when_the_one_before_had_its_time(
    steps: tuple[Step, ...], rounds: int, expected: list[tuple[int, float]]
) -> None:
    assert due(steps, rounds) == expected


def test_steps_are_counted_through_the_rounds() -> None:
    ladder = Ladder((FIRST, NOBODY, SECOND), rounds=2)
    assert [step_at(ladder, index) for index in (-1, 0, 1, 5, 6)] == [
        None,
        FIRST,
        NOBODY,
        SECOND,
        None,
    ]


def test_next_in_line_is_the_next_step_with_people() -> None:
    ladder = Ladder((FIRST, NOBODY, SECOND), rounds=2)
    assert [next_index(ladder, index) for index in (-5, -1, 0, 2, 5, 99)] == [
        0,
        0,
        2,
        3,
        None,
        None,
    ]
    assert next_in_line(ladder, 0) == SECOND
    assert next_in_line(ladder, 2) == FIRST
    assert next_in_line(ladder, 5) is None


def test_a_ladder_survives_json_with_its_names() -> None:
    ladder = Ladder((FIRST, NOBODY, SECOND), rounds=2)
    kept = json.loads(json.dumps(frozen(ladder)))
    assert kept["steps"][0] == {
        "after_seconds": 240,
        "people": [{"person": 7, "name": "Li Wei", "level": "L2"}],
    }
    assert thawed(kept) == ladder


def test_a_ladder_that_rings_nobody_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match="at least one step"):
        Ladder(())
    with pytest.raises(Refusal, match="Nobody stands"):
        Ladder((NOBODY, NOBODY))
    with pytest.raises(Refusal, match="at least once"):
        Ladder((FIRST,), rounds=0)
    with pytest.raises(ValueError, match="-1 seconds"):
        Step(-1, (LI,))
    with pytest.raises(ValueError, match="no time zone"):
        schedule(Ladder((FIRST,)), datetime(2026, 9, 24, 3))
