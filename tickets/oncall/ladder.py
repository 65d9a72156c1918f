"""Escalation ladders: who is rung, and who after them when nobody acknowledges.

A ladder is frozen, names and all, when a page starts: later changes to the roster or to the
ladder do not move a page under way, and the trail can always say who was meant.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from tickets.instants import instant
from tickets.refusal import Refusal, gettext_noop


@dataclass(frozen=True, slots=True)
class Rung:
    """One person on a step: the caller's key for them, and name and level as they were then."""

    person: Hashable
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Step:
    """People rung together, who then have `after_seconds` to acknowledge before the next step.

    An empty step (nobody was on duty) is passed over at once. ValueError below 0 seconds.
    """

    after_seconds: int
    people: tuple[Rung, ...]

    def __post_init__(self) -> None:
        if self.after_seconds < 0:
            raise ValueError(f"A step cannot wait {self.after_seconds} seconds.")


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps in order, gone through `rounds` times.

    A step is counted through all rounds: with three steps, 3 is the first of round two.
    Refusal without steps, with nobody on any, or with fewer than one round.
    """

    steps: tuple[Step, ...]
    rounds: int = 1

    def __post_init__(self) -> None:
        if not self.steps:
            raise Refusal(gettext_noop("An escalation ladder needs at least one step."))
        if not any(step.people for step in self.steps):
            raise Refusal(gettext_noop("Nobody stands on this escalation ladder."))
        if self.rounds < 1:
            raise Refusal(gettext_noop("A ladder is gone through at least once."))


def step_at(ladder: Ladder, index: int) -> Step | None:
    """The step of that number, counted through all rounds; None past the last or below 0."""
    if 0 <= index < len(ladder.steps) * ladder.rounds:
        return ladder.steps[index % len(ladder.steps)]
    return None


def next_index(ladder: Ladder, index: int) -> int | None:
    """The number of the first step with people after `index` (-1: of all); None past the last."""
    for following in range(max(index, -1) + 1, len(ladder.steps) * ladder.rounds):
        if ladder.steps[following % len(ladder.steps)].people:
            return following
    return None


def next_in_line(ladder: Ladder, index: int) -> Step | None:
    """The step rung after `index` if nobody acknowledges; None when nobody is left to ring."""
    following = next_index(ladder, index)
    return None if following is None else step_at(ladder, following)


def schedule(ladder: Ladder, started_at: datetime) -> list[tuple[int, datetime]]:
    """When each step rings if nobody ever acknowledges: its number and the instant, in UTC.

    The first step with people rings at `started_at` (aware; ValueError otherwise), each later
    one when the one rung before it has had its `after_seconds`. Steps without people are not
    in the list and cost no time.
    """
    return list(ringing(ladder, instant(started_at)))


def ringing(ladder: Ladder, due_at: datetime) -> Iterator[tuple[int, datetime]]:
    """The steps with people and their instants, the first at `due_at`."""
    for index in range(len(ladder.steps) * ladder.rounds):
        step = ladder.steps[index % len(ladder.steps)]
        if step.people:
            yield index, due_at
            due_at += timedelta(seconds=step.after_seconds)


def frozen(ladder: Ladder) -> dict[str, Any]:
    """The ladder as a dictionary for JSON; a person's key must be a number or a text."""
    return asdict(ladder)


def thawed(written: Mapping[str, Any]) -> Ladder:
    """The ladder that `frozen` wrote, also after a round through JSON; KeyError if it did not."""
    steps = (
        Step(
            after_seconds=step["after_seconds"],
            people=tuple(
                Rung(rung["person"], rung["name"], rung["level"]) for rung in step["people"]
            ),
        )
        for step in written["steps"]
    )
    return Ladder(steps=tuple(steps), rounds=written["rounds"])
