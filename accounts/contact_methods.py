"""When each of a person's contact methods is rung for one page. Pure.

Delays count from the start of the page. Methods that are off or unchecked are not rung, and
nobody waits for them: if all that come before the first usable one are out, the others move
forward by the time they would have waited. Quiet hours hold back what is not urgent until they
end, and urgent pages never.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

A_DAY = dt.timedelta(days=1)
A_MINUTE = dt.timedelta(minutes=1)


class Method(Protocol):
    """What must be known of a contact method."""

    @property
    def is_usable(self) -> bool: ...
    @property
    def position(self) -> int: ...
    @property
    def delay_seconds(self) -> int: ...


M = TypeVar("M", bound=Method)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Every day from `start` to `end` by the wall clock; an end not after it is the next day's."""

    start: dt.time
    end: dt.time

    def until(self, at: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
        """The end (UTC) of the quiet hours the instant `at` lies in; None when it lies in none.

        A start or end at a wall time that is skipped is the first minute after the jump; one
        at a time shown twice is its first showing.
        """
        today = at.astimezone(zone).date()
        for day in (today - A_DAY, today):
            last = day if self.start < self.end else day + A_DAY
            start, end = _reading(day, self.start, zone), _reading(last, self.end, zone)
            if start <= at < end:
                return end
        return None


def calls(
    methods: Iterable[M],
    *,
    urgent: bool,
    at: dt.datetime,
    zone: ZoneInfo,
    quiet: Quiet | None = None,
    login: M | None = None,
) -> list[tuple[M, dt.datetime]]:
    """Which methods to ring for a page that starts at `at` (aware), and when (UTC), in order.

    A person without a usable method is rung at their `login`'s e-mail address, at once. Held
    back by `quiet` hours, a call waits until their end and never longer.
    """
    everything = sorted(methods, key=lambda method: (method.delay_seconds, method.position))
    usable = [method for method in everything if method.is_usable]
    if not usable:
        return [(login, _held(at, urgent, zone, quiet))] if login is not None else []
    idle = _idle_seconds(everything, usable)
    found = []
    for method in usable:
        due = at.astimezone(dt.UTC) + dt.timedelta(seconds=method.delay_seconds - idle)
        found.append((method, _held(due, urgent, zone, quiet)))
    return found


def _idle_seconds(everything: Sequence[Method], usable: Sequence[Method]) -> int:
    """How long nothing would ring only because the methods before are out of use."""
    return usable[0].delay_seconds - everything[0].delay_seconds


def _held(due: dt.datetime, urgent: bool, zone: ZoneInfo, quiet: Quiet | None) -> dt.datetime:
    due = due.astimezone(dt.UTC)
    if urgent or quiet is None:
        return due
    return quiet.until(due, zone) or due


def _reading(day: dt.date, shown: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first instant (UTC) at which the wall shows that time of that day, or later."""
    wall = dt.datetime.combine(day, shown)
    late = wall.replace(tzinfo=zone).astimezone(dt.UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    while early.astimezone(zone).replace(tzinfo=None) < wall:  # to the minute of the jump
        early += A_MINUTE
    return early
