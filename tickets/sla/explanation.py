"""How a due time came about, step by step: the same fold as the clock, told and not only summed.

Terms, calendar and recorded facts in; an ordered list of steps out. Nothing here reads the
time or knows a language: `tickets.presentation.explained` makes sentences of the steps.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final

from tickets.instants import instant
from tickets.periods import Period
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Clock, ClockState, Terms, follow, start, total
from tickets.sla.facts import Fact, FactKind

# More openings than these between two facts are told as one line.
OPENINGS_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact with what the ledger says beside it: who, why, and under which policy."""

    fact: Fact
    by: str = ""
    reason: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The promise was given. `until` is set when a person named the instant itself."""

    at: datetime
    target_seconds: int
    until: datetime | None
    by: str
    reason: str
    policy: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which the clock ran: `open_seconds` of it were working time and counted.

    All of it: an open stretch. None: a closed one. A part: many openings told as one.
    `always` says that the calendar never closes, `ahead` that the stretch has yet to pass.
    """

    start: datetime
    end: datetime
    open_seconds: float
    always: bool = False
    ahead: bool = False

    @property
    def closed_seconds(self) -> float:
        return total((self.end - self.start).total_seconds(), -self.open_seconds)

    @property
    def is_open(self) -> bool:
        return self.closed_seconds <= 0

    @property
    def is_closed(self) -> bool:
        return self.open_seconds <= 0


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stood still; `end` is None while it does. `open_seconds`: working time in it."""

    start: datetime
    end: datetime | None
    seconds: float
    open_seconds: float
    by: str
    reason: str
    policy: str


@dataclass(frozen=True, slots=True)
class Retargeted:
    """Another target from here on; `due_at` is what followed from it (None while paused)."""

    at: datetime
    before_seconds: int
    target_seconds: int
    used_seconds: float
    due_at: datetime | None
    by: str
    reason: str
    policy: str


@dataclass(frozen=True, slots=True)
class Due:
    """Where an open promise stands: due at `at`, or paused (None) with `left_seconds` left."""

    at: datetime | None
    left_seconds: float


@dataclass(frozen=True, slots=True)
class Breached:
    """The time ran out."""

    at: datetime
    policy: str


@dataclass(frozen=True, slots=True)
class Met:
    """What was promised was done. `spare_seconds` of working time were left (0 when late);
    `late_seconds` are by the clock on the wall, as whoever waited felt them."""

    at: datetime
    due_at: datetime | None
    spare_seconds: float
    late_seconds: float
    by: str
    reason: str
    policy: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The promise was given up: nothing was owed any more."""

    at: datetime
    by: str
    reason: str
    policy: str


Step = Started | Stretch | Paused | Retargeted | Due | Breached | Met | Ended


@dataclass(frozen=True, slots=True)
class Explanation:
    """The clock, and the steps that lead to where it stands."""

    clock: Clock
    steps: tuple[Step, ...]

    @property
    def pauses(self) -> tuple[Paused, ...]:
        return tuple(step for step in self.steps if isinstance(step, Paused))

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(step for step in self.steps if isinstance(step, Stretch))

    @property
    def retargets(self) -> tuple[Retargeted, ...]:
        return tuple(step for step in self.steps if isinstance(step, Retargeted))


def explain(terms: Terms, ledger: Iterable[Recorded], now: datetime) -> Explanation:
    """Every step from the first fact of the ledger to `now`, and on to the due time.

    A `now` before the last fact is taken as that fact's instant. Breaches are worked out, not
    taken from the ledger. The number of steps grows with the facts, never with the time that
    passes. ValueError without facts, ImpossibleFact for one that does not follow.
    """
    rows = [row for row in ledger if row.fact.kind is not FactKind.BREACHED]
    if not rows:
        raise ValueError("A clock without facts was never started.")
    clock = start(terms, rows[0].fact)
    policy = rows[0].policy
    steps: list[Step] = [_started(clock, rows[0])]
    pause: tuple[Clock, Recorded] | None = None  # as it was when it began
    for row in rows[1:]:
        after = follow(clock, row.fact)
        if pause is None:
            steps += _passed(clock, after, policy)
        elif after.state is not ClockState.PAUSED:
            steps.append(_pause(*pause, after, is_over=True))
            pause = None
        steps += _noted(clock, after, row)
        if row.fact.kind is FactKind.PAUSED:
            pause = (after, row)
        clock, policy = after, row.policy or policy
    if clock.state in (ClockState.RUNNING, ClockState.PAUSED):
        after = clock.at(max(instant(now), clock.as_of))
        steps += [_pause(*pause, after, is_over=False)] if pause else _passed(clock, after, policy)
        steps += _outlook(after)
        clock = after
    return Explanation(clock=clock, steps=tuple(steps))


def _started(clock: Clock, row: Recorded) -> Started:
    return Started(
        at=clock.started_at,
        target_seconds=clock.terms.target_seconds,
        until=clock.terms.until,
        by=row.by,
        reason=row.reason,
        policy=row.policy,
    )


def _passed(before: Clock, after: Clock, policy: str) -> Iterator[Step]:
    """What went by while the clock ran: stretches, and a breach in its place between them."""
    start_at, end_at, calendar = before.as_of, after.as_of, before.terms.calendar
    breached_at = after.breached_at if before.breached_at is None else None
    if breached_at is None:
        yield from stretches(calendar, start_at, end_at)
        return
    yield from stretches(calendar, start_at, breached_at)
    yield Breached(at=breached_at, policy=policy)
    yield from stretches(calendar, breached_at, end_at)


def _pause(began: Clock, row: Recorded, after: Clock, *, is_over: bool) -> Paused:
    """A pause as a whole, also when the target changed in the middle of it."""
    return Paused(
        start=row.fact.at,
        end=after.as_of if is_over else None,
        seconds=(after.as_of - row.fact.at).total_seconds(),
        open_seconds=total(after.paused_seconds, -began.paused_seconds),
        by=row.by,
        reason=row.reason,
        policy=row.policy,
    )


def _noted(before: Clock, after: Clock, row: Recorded) -> Iterator[Step]:
    """The fact itself; pauses and resumptions are told by the pause between them."""
    kind = row.fact.kind
    said = (row.by, row.reason, row.policy)
    if kind is FactKind.RETARGETED:
        yield Retargeted(
            row.fact.at,
            before.terms.target_seconds,
            after.terms.target_seconds,
            after.elapsed_seconds,
            after.due_at,
            *said,
        )
    elif kind is FactKind.MET:
        due_at = after.due_at
        late = after.breached_at is not None
        yield Met(
            row.fact.at,
            due_at,
            0.0 if late else _left(after),
            (row.fact.at - due_at).total_seconds() if late and due_at else 0.0,
            *said,
        )
    elif kind is FactKind.CANCELLED:
        yield Ended(row.fact.at, *said)


def _outlook(clock: Clock) -> Iterator[Step]:
    """What lies ahead of a clock that still runs, and when it is due."""
    if clock.breached_at is not None:
        return
    if clock.due_at is not None:
        ahead = stretches(clock.terms.calendar, clock.as_of, clock.due_at)
        yield from (replace(stretch, ahead=True) for stretch in ahead)
    yield Due(at=clock.due_at, left_seconds=_left(clock))


def _left(clock: Clock) -> float:
    if clock.terms.until is not None:
        return max(0.0, (clock.terms.until - clock.as_of).total_seconds())
    return max(0.0, total(clock.terms.target_seconds, -clock.elapsed_seconds))


def stretches(calendar: Calendar, a: datetime, b: datetime) -> Iterator[Stretch]:
    """[a, b) as open and closed stretches in turn; as a single one with many openings in it."""
    if a >= b:
        return
    if isinstance(calendar, AroundTheClock):
        yield Stretch(a, b, (b - a).total_seconds(), always=True)
        return
    openings = list(islice(_joined(calendar, a, b), OPENINGS_TOLD + 1))
    if len(openings) > OPENINGS_TOLD:
        yield Stretch(a, b, calendar.between(a, b))
        return
    yield from _in_turn(openings, a, b)


def _in_turn(openings: Sequence[Period], a: datetime, b: datetime) -> Iterator[Stretch]:
    at = a
    for opens, closes in openings:
        if at < opens:
            yield Stretch(at, opens, 0.0)
        yield Stretch(opens, closes, (closes - opens).total_seconds())
        at = closes
    if at < b:
        yield Stretch(at, b, 0.0)


def _joined(calendar: Calendar, a: datetime, b: datetime) -> Iterator[Period]:
    """The openings in order, those that touch made one; as lazy as the calendar."""
    current: Period | None = None
    for opens, closes in calendar.open_periods(a, b):
        if current is not None and opens <= current[1]:
            current = (current[0], max(current[1], closes))
            continue
        if current is not None:
            yield current
        current = (opens, closes)
    if current is not None:
        yield current
