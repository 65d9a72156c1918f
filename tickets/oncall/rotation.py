"""Turns at duty: who is on, from when until when."""

from calendar import monthrange
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tickets.instants import first_reading, instant, wall
from tickets.refusal import Refusal, gettext_noop


class Unit(StrEnum):
    """What the length of a turn is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


STEPS = {
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WEEKS: timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Rotation:
    """Members who take turns of `length` units, handing over by the wall clock of `zone`.

    `starts_at` (aware) is a hand-over to the first member; the turns reach from it both ways,
    before it as well. A daily hand-over at 09:00 stays at 09:00 when the clocks change, and
    hours are counted on the wall too: every 12 hours from 08:00 is always 08:00 and 20:00.
    A hand-over in a skipped hour happens when the clocks jump; one at a time shown twice, at
    its first showing. A monthly one on the 31st falls on the last day of shorter months.

    Refusal without members or with a length below 1; ValueError if `starts_at` is naive.
    """

    members: tuple[Hashable, ...]
    starts_at: datetime
    length: int
    unit: Unit
    zone: ZoneInfo

    def __post_init__(self) -> None:
        instant(self.starts_at)
        if not self.members:
            raise Refusal(gettext_noop("A rotation needs at least one member."))
        if self.length < 1:
            raise Refusal(gettext_noop("A turn must be at least 1 long."))


@dataclass(frozen=True, slots=True)
class Shift:
    """`member` is on duty in [starts_at, ends_at), both in UTC."""

    member: Hashable
    starts_at: datetime
    ends_at: datetime


def on_duty(rotation: Rotation, at: datetime) -> Shift:
    """The turn under way at the instant `at` (aware), uncut."""
    return shift(rotation, turn_at(rotation, instant(at)))


def shifts(rotation: Rotation, a: datetime, b: datetime) -> Iterator[Shift]:
    """The turns that overlap [a, b), in order and uncut; a and b are aware."""
    a, b = instant(a), instant(b)
    turn = turn_at(rotation, a)
    while a < b and (current := shift(rotation, turn)).starts_at < b:
        if current.starts_at < current.ends_at:  # a turn of one skipped hour is no turn
            yield current
        turn += 1


def shift(rotation: Rotation, turn: int) -> Shift:
    """The turn of that number; 0 begins at `starts_at`, earlier ones are negative."""
    return Shift(
        member=rotation.members[turn % len(rotation.members)],
        starts_at=handover(rotation, turn),
        ends_at=handover(rotation, turn + 1),
    )


def turn_at(rotation: Rotation, at: datetime) -> int:
    """The number of the turn under way at an instant: guessed by the wall clock, then corrected.

    The guess is at most a turn or two off, however far away `at` is.
    """
    turn = guess(rotation, wall(at, rotation.zone))
    while handover(rotation, turn) > at:
        turn -= 1
    while handover(rotation, turn + 1) <= at:
        turn += 1
    return turn


def guess(rotation: Rotation, shown: datetime) -> int:
    """The number of the turn by wall times alone."""
    anchor = wall(rotation.starts_at, rotation.zone)
    if rotation.unit is Unit.MONTHS:
        months = (shown.year - anchor.year) * 12 + shown.month - anchor.month
        return months // rotation.length
    return (shown - anchor) // (STEPS[rotation.unit] * rotation.length)


def handover(rotation: Rotation, turn: int) -> datetime:
    """The instant at which that turn begins, always reckoned from the first, so nothing drifts."""
    anchor = wall(rotation.starts_at, rotation.zone)
    count = turn * rotation.length
    if rotation.unit is Unit.MONTHS:
        shown = months_later(anchor, count)
    else:
        shown = anchor + STEPS[rotation.unit] * count
    return first_reading(shown, rotation.zone)


def months_later(day: datetime, months: int) -> datetime:
    """The same day so many months on (or back), or the last of a month too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
