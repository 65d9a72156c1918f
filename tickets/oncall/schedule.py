"""The schedule people see: rotations within their hours, then overrides, then temporary rosters."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tickets.instants import instant
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.rotation import Rotation, Shift, shifts
from tickets.periods import Period, joined, within, without
from tickets.refusal import Refusal, gettext_noop

Roster = dict[Hashable, list[Period]]


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation that is on duty during its hours; always, without any."""

    rotation: Rotation
    hours: DutyHours | None = None

    def shifts(self, a: datetime, b: datetime) -> Iterator[Shift]:
        """Who of this layer is on duty in [a, b), cut to it."""
        windows = [(a, b)] if self.hours is None else list(self.hours.periods(a, b))
        for turn in shifts(self.rotation, a, b):
            for start, end in within(windows, (turn.starts_at, turn.ends_at)):
                yield Shift(turn.member, start, end)


@dataclass(frozen=True, slots=True)
class Override:
    """A change to who is on duty in [starts_at, ends_at).

    With `replaces`, `member` takes over what that one has there, and only that; without a
    `member`, nobody does. Without `replaces`, `member` is on duty besides. Refusal if it ends
    before it starts or names nobody; ValueError if a time is naive.
    """

    member: Hashable | None
    starts_at: datetime
    ends_at: datetime
    replaces: Hashable | None = None

    def __post_init__(self) -> None:
        refuse_backwards(self.starts_at, self.ends_at)
        if self.member is None and self.replaces is None:
            raise Refusal(gettext_noop("An override names who takes over, who is off, or both."))


@dataclass(frozen=True, slots=True)
class TemporarySchedule:
    """In [starts_at, ends_at) only these shifts hold: no rotation and no override does."""

    starts_at: datetime
    ends_at: datetime
    shifts: tuple[Shift, ...]

    def __post_init__(self) -> None:
        refuse_backwards(self.starts_at, self.ends_at)


def refuse_backwards(starts_at: datetime, ends_at: datetime) -> None:
    """Refusal unless the end lies after the start; ValueError if one is naive."""
    if instant(ends_at) <= instant(starts_at):
        raise Refusal(gettext_noop("The end must lie after the start."))


def final_schedule(
    layers: Iterable[Layer],
    changes: Iterable[Override | TemporarySchedule],
    a: datetime,
    b: datetime,
) -> list[Shift]:
    """Everyone's duty in [a, b), cut to it, by start; a and b are aware.

    Layers stand side by side: each adds the people it has on duty. Changes are applied in
    the order given, each on what the ones before it made, so a stand-in can be stood in for.
    One member's touching or overlapping shifts are one shift.
    """
    window = (instant(a), instant(b))
    roster: Roster = {}
    for layer in layers:
        for turn in layer.shifts(*window):
            roster.setdefault(turn.member, []).append((turn.starts_at, turn.ends_at))
    for change in changes:
        if isinstance(change, TemporarySchedule):
            replace(roster, change)
        else:
            apply(roster, change)
    return listed(roster, window)


def joined_shifts(shifts: Iterable[Shift]) -> list[Shift]:
    """One member's touching or overlapping shifts as one, by start and then by end."""
    held: Roster = {}
    for shift in shifts:
        held.setdefault(shift.member, []).append((shift.starts_at, shift.ends_at))
    return sorted(
        (Shift(member, *period) for member, periods in held.items() for period in joined(periods)),
        key=lambda turn: (turn.starts_at, turn.ends_at),
    )


def apply(roster: Roster, override: Override) -> None:
    """Change the roster as the override says."""
    span = (instant(override.starts_at), instant(override.ends_at))
    taken = [span]
    if override.replaces is not None:
        held = roster.get(override.replaces, [])
        taken = list(within(held, span))
        roster[override.replaces] = list(without(held, span))
    if override.member is not None:
        roster.setdefault(override.member, []).extend(taken)


def replace(roster: Roster, schedule: TemporarySchedule) -> None:
    """Put the temporary shifts in place of all else in their span."""
    span = (instant(schedule.starts_at), instant(schedule.ends_at))
    for member in roster:
        roster[member] = list(without(roster[member], span))
    for turn in schedule.shifts:
        period = (instant(turn.starts_at), instant(turn.ends_at))
        roster.setdefault(turn.member, []).extend(within([period], span))


def listed(roster: Roster, window: Period) -> list[Shift]:
    """The roster as shifts inside the window, by start and then by end."""
    result = [
        Shift(member, start, end)
        for member, periods in roster.items()
        for start, end in joined(within(periods, window))
    ]
    return sorted(result, key=lambda turn: (turn.starts_at, turn.ends_at))
