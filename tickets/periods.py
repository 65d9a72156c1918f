"""Half-open stretches of time, [start, end), with both ends as instants in UTC."""

from collections.abc import Iterable, Iterator
from datetime import datetime

Period = tuple[datetime, datetime]


def within(periods: Iterable[Period], window: Period) -> Iterator[Period]:
    """The parts of the periods that lie inside the window."""
    for start, end in periods:
        start, end = max(start, window[0]), min(end, window[1])
        if start < end:
            yield start, end


def without(periods: Iterable[Period], hole: Period) -> Iterator[Period]:
    """The parts of the periods that lie outside the hole."""
    for start, end in periods:
        if end <= hole[0] or hole[1] <= start:
            yield start, end
            continue
        if start < hole[0]:
            yield start, hole[0]
        if hole[1] < end:
            yield hole[1], end


def joined(periods: Iterable[Period]) -> list[Period]:
    """The same time in order, with touching and overlapping periods made one."""
    result: list[Period] = []
    for start, end in sorted(periods):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result
