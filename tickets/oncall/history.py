"""Who was, is and will be on duty, from what was on record at each instant.

A roster's record are its versions and the changes made to it. At an instant t counts what was
recorded by then: the version in force, and the changes made and not yet cancelled. So what is
recorded at x never alters the answer for any t before x. For the future counts what is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.instants import instant
from tickets.oncall.rotation import Shift
from tickets.oncall.schedule import (
    Layer,
    Override,
    TemporarySchedule,
    final_schedule,
    joined_shifts,
)
from tickets.periods import Period, joined, within, without


class Mark(StrEnum):
    """Why somebody is on duty who would not be by the rotation; PLAIN is by the rotation."""

    PLAIN = ""
    OVERRIDE = "override"
    SWAP = "swap"
    DRILL = "drill"
    STAND_IN = "stand-in"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as they were called when it was recorded."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """How the roster is made from `valid_from` (aware) until the next version begins."""

    valid_from: datetime
    layers: tuple[Layer, ...]
    members: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change made at `created_at` and, if it was, cancelled at `cancelled_at` (both aware)."""

    change: Override | TemporarySchedule
    created_at: datetime
    cancelled_at: datetime | None = None
    mark: Mark = Mark.OVERRIDE

    def is_known(self, at: datetime) -> bool:
        """Whether it was on record at that instant."""
        return self.created_at <= at and (self.cancelled_at is None or at < self.cancelled_at)


@dataclass(frozen=True, slots=True)
class History:
    """All that was ever recorded of a roster; the order of the changes is that of their making."""

    versions: tuple[Version, ...]
    changes: tuple[Change, ...] = ()

    def layers(self, known_at: datetime) -> tuple[Layer, ...]:
        """Of the version in force at an instant; none before the first."""
        past = [version for version in self.versions if version.valid_from <= known_at]
        return max(past, key=lambda version: version.valid_from).layers if past else ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """[starts_at, ends_at), throughout which the same was on record: what was by `known_at`."""

    starts_at: datetime
    ends_at: datetime
    known_at: datetime
    layers: tuple[Layer, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of duty and why it is this person's."""

    shift: Shift
    mark: Mark


def final(history: History, a: datetime, b: datetime, *, known_at: datetime) -> list[Shift]:
    """Everyone's duty in [a, b), cut to it, by start; all instants are aware.

    Changes apply in the order they were made, each on what the ones before it made; a temporary
    schedule sets aside all that was before it.
    """
    return joined_shifts(
        shift
        for stretch in stretches(history, a, b, known_at=known_at)
        for shift in _shifts_in(stretch, stretch.changes)
    )


def planned(history: History, a: datetime, b: datetime, *, known_at: datetime) -> list[Shift]:
    """The same by the rotations alone, without any change."""
    return joined_shifts(
        shift
        for stretch in stretches(history, a, b, known_at=known_at)
        for shift in _shifts_in(stretch, ())
    )


def marked(history: History, a: datetime, b: datetime, *, known_at: datetime) -> list[Marked]:
    """`final`, cut wherever the reason changes, each piece with the reason it is somebody's."""
    usual: dict[object, list[Period]] = {}
    for shift in planned(history, a, b, known_at=known_at):
        usual.setdefault(shift.member, []).append((shift.starts_at, shift.ends_at))
    found: list[Marked] = []
    for stretch in stretches(history, a, b, known_at=known_at):
        for shift in _shifts_in(stretch, stretch.changes):
            found += _marked(shift, usual.get(shift.member, []), stretch.changes)
    return _joined_marks(found)


def holes(history: History, a: datetime, b: datetime, *, known_at: datetime) -> list[Period]:
    """When nobody is on duty although the rotations or a temporary schedule plan for it."""
    wanted: list[Period] = []
    for stretch in stretches(history, a, b, known_at=known_at):
        wanted += [(one.starts_at, one.ends_at) for one in _shifts_in(stretch, ())]
        spans = [
            (one.change.starts_at, one.change.ends_at)
            for one in stretch.changes
            if isinstance(one.change, TemporarySchedule)
        ]
        wanted += within(spans, (stretch.starts_at, stretch.ends_at))
    left = joined(wanted)
    for shift in final(history, a, b, known_at=known_at):
        left = list(without(left, (shift.starts_at, shift.ends_at)))
    return left


def stretches(
    history: History, a: datetime, b: datetime, *, known_at: datetime
) -> Iterator[Stretch]:
    """[a, b) cut where the record changed up to `known_at`, with what was known in each part."""
    a, b, known_at = instant(a), instant(b), instant(known_at)
    news = {version.valid_from for version in history.versions}
    for change in history.changes:
        news |= {change.created_at} | ({change.cancelled_at} if change.cancelled_at else set())
    cuts = sorted({a} | {at for at in map(instant, news) if a < at < b and at <= known_at})
    for start, end in zip(cuts, [*cuts[1:], b], strict=True):
        if start >= end:
            continue
        known = min(start, known_at)
        changes = tuple(
            one
            for one in history.changes
            if one.is_known(known) and one.change.starts_at < end and start < one.change.ends_at
        )
        yield Stretch(start, end, known, history.layers(known), changes)


def _shifts_in(stretch: Stretch, changes: Iterable[Change]) -> list[Shift]:
    made = [one.change for one in changes]
    return final_schedule(stretch.layers, made, stretch.starts_at, stretch.ends_at)


def _marked(shift: Shift, usual: list[Period], changes: tuple[Change, ...]) -> Iterator[Marked]:
    """One shift in pieces, each explained by the last change that brought this person in."""
    edges = {shift.starts_at, shift.ends_at}
    for period in (*usual, *((one.change.starts_at, one.change.ends_at) for one in changes)):
        edges |= {at for at in map(instant, period) if shift.starts_at < at < shift.ends_at}
    cuts = sorted(edges)
    for start, end in zip(cuts, cuts[1:], strict=False):
        yield Marked(Shift(shift.member, start, end), _mark(shift, start, usual, changes))


def _mark(shift: Shift, at: datetime, usual: list[Period], changes: tuple[Change, ...]) -> Mark:
    for one in reversed(changes):
        if not one.change.starts_at <= at < one.change.ends_at:
            continue
        if isinstance(one.change, TemporarySchedule):
            return one.mark
        if one.change.member == shift.member:
            by_rotation = any(start <= at < end for start, end in usual)
            return Mark.PLAIN if by_rotation else one.mark
    return Mark.PLAIN


def _joined_marks(found: list[Marked]) -> list[Marked]:
    result: list[Marked] = []
    open_ends: dict[tuple[object, Mark], int] = {}
    for one in sorted(found, key=lambda each: (each.shift.starts_at, each.shift.ends_at)):
        key = (one.shift.member, one.mark)
        last = open_ends.get(key)
        if last is not None and result[last].shift.ends_at == one.shift.starts_at:
            before = result[last].shift
            joined_up = Shift(before.member, before.starts_at, one.shift.ends_at)
            result[last] = Marked(joined_up, one.mark)
            continue
        open_ends[key] = len(result)
        result.append(one)
    return result
