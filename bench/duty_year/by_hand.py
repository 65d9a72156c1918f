"""Who is on duty, reckoned a second time: one instant, plain calendar arithmetic, no intervals.

It shares no code with `tickets.oncall`, so that both being wrong in the same way is unlikely.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from tickets.models import DutyChange


class Turns(Protocol):
    def at(self, instant: dt.datetime) -> set[int]: ...

    def ends(self, a: dt.datetime, b: dt.datetime) -> Iterator[dt.datetime]:
        """When somebody's turn is over, from `a` to `b`."""
        ...


@dataclass(frozen=True)
class Days:
    """A person a day, from `opens` to `closes` by the wall of `zone`."""

    people: tuple[int, ...]
    first: dt.date
    opens: dt.time
    closes: dt.time
    zone: ZoneInfo

    def at(self, instant: dt.datetime) -> set[int]:
        wall = instant.astimezone(self.zone)
        if not self.opens <= wall.time() < self.closes:
            return set()
        return {self.people[(wall.date() - self.first).days % len(self.people)]}

    def ends(self, a: dt.datetime, b: dt.datetime) -> Iterator[dt.datetime]:
        for days in range((b - a).days + 1):
            day = (a + dt.timedelta(days=days)).astimezone(self.zone).date()
            yield dt.datetime.combine(day, self.closes, self.zone).astimezone(dt.UTC)


@dataclass(frozen=True)
class Weeks:
    """A person a week from `begins`, in UTC."""

    people: tuple[int, ...]
    begins: dt.datetime

    def at(self, instant: dt.datetime) -> set[int]:
        return {self.people[(instant - self.begins) // dt.timedelta(weeks=1) % len(self.people)]}

    def ends(self, a: dt.datetime, b: dt.datetime) -> Iterator[dt.datetime]:
        at = self.begins
        while at < b:
            at += dt.timedelta(weeks=1)
            yield at


@dataclass
class ByHand:
    """`versions` of a roster by the instant from which they hold, oldest first."""

    versions: dict[int, list[tuple[dt.datetime, Turns]]] = field(default_factory=dict)
    changes: list[DutyChange] = field(default_factory=list)

    def add(self, roster: int, turns: Turns, since: dt.datetime | None = None) -> None:
        always = dt.datetime.min.replace(tzinfo=dt.UTC)
        self.versions.setdefault(roster, []).append((since or always, turns))

    def read_changes(self) -> None:
        """Take the record of overrides, leave and swaps; to be called when the year is over."""
        self.changes = list(DutyChange.objects.order_by("id"))

    def on_duty(self, roster: int, at: dt.datetime, *, known_at: dt.datetime) -> set[int]:
        """The keys of those on duty at `at`, by what was on record at `known_at`."""
        people: set[int] = set()
        by = min(at, known_at)  # what was put down later does not change what was
        for since, turns in self.versions[roster]:
            if since <= by:
                people = turns.at(at)
        for change in self.changes:
            if change.roster_id in (None, roster) and _holds(change, at, by):
                people = _changed(people, change)
        return people


def _holds(change: DutyChange, at: dt.datetime, by: dt.datetime) -> bool:
    is_cancelled = change.cancelled_at is not None and change.cancelled_at <= by
    return change.starts_at <= at < change.ends_at and change.created_at <= by and not is_cancelled


def _changed(people: set[int], change: DutyChange) -> set[int]:
    replaced, person = change.replaces_id, change.person_id
    if replaced is None:
        return people | {person} if person else people
    if replaced not in people:
        return people
    return (people - {replaced}) | ({person} if person else set())
