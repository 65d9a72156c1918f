"""Whom a step rings, reckoned without a database."""

from __future__ import annotations

import pytest

from accounts.models import User
from tickets.oncall.line_up import LineUp, Why, not_again


def step(*people: int, why: Why | None = None) -> LineUp:
    return LineUp(tuple(User(pk=pk, name=f"No. {pk}") for pk in people), "leads", "", why)


def keys(line: LineUp) -> list[int]:
    return [one.pk for one in line.people]


@pytest.mark.parametrize(
    ("before", "here", "left", "why"),
    [
        (None, step(1, 2), [1, 2], None),
        (step(3), step(1, 2), [1, 2], None),
        (step(1), step(1, 2), [2], None),
        (step(2, 1), step(1, 2), [], Why.RUNG_BEFORE),
        (step(1), step(1, 2, why=Why.NOBODY_QUALIFIED), [2], Why.NOBODY_QUALIFIED),
        (step(1), step(why=Why.NO_MANAGERS), [], Why.NO_MANAGERS),
    ],
)
def test_nobody_is_rung_by_two_steps_in_a_row(
    before: LineUp | None, here: LineUp, left: list[int], why: Why | None
) -> None:
    found = not_again(here, before)
    assert (keys(found), found.why) == (left, why)
