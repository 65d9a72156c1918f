"""What counts as working time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tickets.instants import instant
from tickets.periods import Period


class Calendar(Protocol):
    """Working time as seconds that really pass while the calendar is open.

    Every datetime given must have a time zone (ValueError otherwise); every datetime
    returned is in UTC. Amounts are seconds, exact to the microsecond, never negative
    (ValueError). An opening includes its first instant and not its last.
    """

    def add(self, start: datetime, seconds: float) -> datetime:
        """The earliest instant by which `seconds` of working time have passed since `start`.

        That may be a closing time. Nought seconds give the first open instant from `start` on.
        ValueError if the calendar never opens long enough.
        """
        ...

    def subtract(self, start: datetime, seconds: float) -> datetime:
        """The latest instant from which `seconds` of working time pass until `start`.

        That may be an opening time. Nought seconds give the end of the last open time up to
        `start`. ValueError if the calendar was never open long enough.
        """
        ...

    def between(self, a: datetime, b: datetime) -> float:
        """Seconds of working time in [a, b); 0 when b lies before a, for nothing lies there."""
        ...

    def is_open(self, at: datetime) -> bool:
        """Whether the instant `at` is working time."""
        ...

    def open_periods(self, a: datetime, b: datetime) -> Iterator[Period]:
        """The openings inside [a, b), in order, cut to it, never overlapping.

        Openings that touch are not joined.
        """
        ...


def amount(seconds: float) -> timedelta:
    """Seconds as a length of time; ValueError if negative."""
    if seconds < 0:
        raise ValueError(f"{seconds} seconds: an amount of working time cannot be negative.")
    return timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class AroundTheClock:
    """Always open: 7×24."""

    def add(self, start: datetime, seconds: float) -> datetime:
        """`seconds` after `start`."""
        return instant(start) + amount(seconds)

    def subtract(self, start: datetime, seconds: float) -> datetime:
        """`seconds` before `start`."""
        return instant(start) - amount(seconds)

    def between(self, a: datetime, b: datetime) -> float:
        """Seconds from a to b; 0 when b lies before a."""
        return max(0.0, (instant(b) - instant(a)).total_seconds())

    def is_open(self, at: datetime) -> bool:
        """Always."""
        instant(at)
        return True

    def open_periods(self, a: datetime, b: datetime) -> Iterator[Period]:
        """The whole of [a, b), or nothing when it is empty."""
        a, b = instant(a), instant(b)
        if a < b:
            yield a, b
