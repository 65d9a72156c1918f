"""Changes of duty: at which instants who comes on, who goes off, and who steps in."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tickets.oncall.rotation import Shift


@dataclass(frozen=True, slots=True)
class Change:
    """At `at` (UTC) `coming` begin and `going` end; whoever merely goes on is in neither."""

    at: datetime
    coming: frozenset[Hashable]
    going: frozenset[Hashable]


def changes(shifts: Iterable[Shift], a: datetime, b: datetime) -> Iterator[Change]:
    """The changes strictly inside (a, b), in order.

    `shifts` are everybody's in [a, b), cut to it: what begins or ends at its edges is not
    known to be a change there.
    """
    known = list(shifts)
    ends = {turn.starts_at for turn in known} | {turn.ends_at for turn in known}
    for at in sorted(instant for instant in ends if a < instant < b):
        before = {turn.member for turn in known if turn.starts_at < at <= turn.ends_at}
        after = on_at(known, at)
        if before != after:
            yield Change(at, frozenset(after - before), frozenset(before - after))


def next_change(shifts: Iterable[Shift], a: datetime, b: datetime) -> Change | None:
    """The first change strictly inside (a, b)."""
    return next(changes(shifts, a, b), None)


def on_at(shifts: Iterable[Shift], at: datetime) -> set[Hashable]:
    """Who is on duty at an instant."""
    return {turn.member for turn in shifts if turn.starts_at <= at < turn.ends_at}


def turn_of(shifts: Iterable[Shift], member: Hashable, at: datetime) -> Shift | None:
    """The shift that member has at an instant."""
    for turn in shifts:
        if turn.member == member and turn.starts_at <= at < turn.ends_at:
            return turn
    return None


def next_in_rotation(
    shifts: Iterable[Shift],
    after: datetime,
    *,
    but: Iterable[Hashable],
    prefer: Sequence[Callable[[Hashable], bool]] = (),
) -> Hashable | None:
    """Who has the earliest turn from `after` on, apart from `but`; None when nobody is left.

    Of those in line the first that every condition in `prefer` holds for is taken; if there
    is none, the last condition is given up, then the one before it.
    """
    left_out = set(but)
    upcoming = sorted(
        (turn for turn in shifts if turn.ends_at > after), key=lambda turn: turn.starts_at
    )
    line = [m for m in dict.fromkeys(turn.member for turn in upcoming) if m not in left_out]
    for kept in range(len(prefer), -1, -1):
        for member in line:
            if all(holds(member) for holds in prefer[:kept]):
                return member
    return None
