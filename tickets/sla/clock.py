"""The promise clock, as a fold over the facts of its ledger.

The rules are those of the mission: a promise is kept by a fact recorded in time, and what
was broken stays broken. Nothing here reads the time; whoever asks says what time it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tickets.instants import instant
from tickets.sla.calendar import Calendar
from tickets.sla.facts import Fact, FactKind, ImpossibleFact


@dataclass(frozen=True, slots=True)
class Terms:
    """What was promised: so many seconds of working time of a calendar.

    `pausable` says whether anything may stop the clock. `until` is the very instant, when a
    person named one instead of an amount; a later retarget makes it an amount again. ValueError
    for a target below one second.
    """

    target_seconds: int
    calendar: Calendar
    pausable: bool
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None:
            object.__setattr__(self, "until", instant(self.until))
        if self.target_seconds < 1:
            raise ValueError(f"A target of {self.target_seconds} seconds cannot be kept.")


class ClockState(StrEnum):
    """Where a clock stands. A breached one runs on: the promise is late but still owed."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise clock as of the instant `as_of`; instants are in UTC, amounts in working seconds.

    - `terms.target_seconds` is the present target, after any re-grading.
    - `due_at` is the last instant at which the promise is still kept. While paused there is
      none. Once breached it stays the instant that was missed, whatever happens later.
    - `breached_at` is that same instant; None if not breached. `noticed_at` is when the breach
      was put on record.
    - `kept` is True once met in time, False as soon as breached, None while open (and for a
      promise that was cancelled before it could be judged).
    """

    terms: Terms
    state: ClockState
    as_of: datetime
    started_at: datetime
    due_at: datetime | None
    elapsed_seconds: float = 0.0
    paused_seconds: float = 0.0
    breached_at: datetime | None = None
    noticed_at: datetime | None = None
    met_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise was kept; None while that is open."""
        if self.breached_at is not None:
            return False
        return True if self.state is ClockState.MET else None

    def at(self, now: datetime) -> "Clock":
        """The same clock as of `now`: time counted up to it, a passed due time noticed.

        At the very due time the promise is not yet broken. A clock that was met or cancelled
        no longer changes. ValueError if `now` lies before `as_of`.
        """
        now = instant(now)
        if now < self.as_of:
            raise ValueError(f"The clock already stands at {self.as_of}; {now} is over.")
        if self.state in (ClockState.MET, ClockState.CANCELLED):
            return self
        passed = self.terms.calendar.between(self.as_of, now)
        if self.state is ClockState.PAUSED:
            return replace(self, as_of=now, paused_seconds=total(self.paused_seconds, passed))
        is_late = self.due_at is not None and now > self.due_at
        return replace(
            self,
            as_of=now,
            elapsed_seconds=total(self.elapsed_seconds, passed),
            breached_at=self.due_at if is_late else self.breached_at,
        )

    def remaining(self, now: datetime) -> float:
        """Working seconds left at `now`; below 0 when overdue, frozen in a pause and at the end."""
        return total(self.terms.target_seconds, -self.at(now).elapsed_seconds)

    def reaches(self, share: float) -> datetime | None:
        """When that share of the target will be used up, or was; None in a pause and at the end.

        For a share already used it is the instant the clock stands at.
        """
        if self.state is not ClockState.RUNNING:
            return None
        left = total(self.terms.target_seconds * share, -self.elapsed_seconds)
        return self.terms.calendar.add(self.as_of, left) if left > 0 else self.as_of

    def fraction_used(self, now: datetime) -> float:
        """The part of the target used up at `now`: 0 at the start, 1 when due, more if overdue."""
        return self.at(now).elapsed_seconds / self.terms.target_seconds


def total(first: float, second: float) -> float:
    """Their sum, to the microsecond: calendars are that exact, floating point is not."""
    return round(first + second, 6)


def replay(terms: Terms, facts: Iterable[Fact]) -> Clock:
    """The clock after these facts, in the order of the ledger, as of the last one.

    ValueError without facts. ImpossibleFact, naming the fact, when one does not follow from
    those before it.
    """
    clock: Clock | None = None
    for fact in facts:
        clock = start(terms, fact) if clock is None else follow(clock, fact)
    if clock is None:
        raise ValueError("A clock without facts was never started.")
    return clock


def start(terms: Terms, fact: Fact) -> Clock:
    """The clock that this first fact starts."""
    if fact.kind is not FactKind.STARTED:
        raise ImpossibleFact(fact, "the clock was not started")
    return Clock(
        terms=terms,
        state=ClockState.RUNNING,
        as_of=fact.at,
        started_at=fact.at,
        due_at=terms.until or terms.calendar.add(fact.at, terms.target_seconds),
    )


def follow(clock: Clock, fact: Fact) -> Clock:
    """The clock after one more fact."""
    if fact.at < clock.as_of:
        raise ImpossibleFact(fact, f"an earlier fact is of {clock.as_of}")
    if clock.state in (ClockState.MET, ClockState.CANCELLED):
        raise ImpossibleFact(fact, f"the clock is {clock.state}")
    refuse_misplaced(clock, fact)
    return CHANGES[fact.kind](clock.at(fact.at), fact)


def refuse_misplaced(clock: Clock, fact: Fact) -> None:
    """ImpossibleFact for a pause that cannot be, a resumption without one, a second start."""
    is_paused = clock.state is ClockState.PAUSED
    if fact.kind is FactKind.STARTED:
        raise ImpossibleFact(fact, "the clock was started before")
    if fact.kind is FactKind.RESTORED:
        raise ImpossibleFact(fact, "what it takes back was not left out")
    if fact.kind is FactKind.PAUSED and not clock.terms.pausable:
        raise ImpossibleFact(fact, "this promise knows no pause")
    if fact.kind is FactKind.PAUSED and is_paused:
        raise ImpossibleFact(fact, "the clock is paused")
    if fact.kind is FactKind.RESUMED and not is_paused:
        raise ImpossibleFact(fact, "the clock is not paused")


def pause(clock: Clock, fact: Fact) -> Clock:
    """Stop counting; what is already broken stays due when it was due."""
    return replace(clock, state=ClockState.PAUSED, due_at=clock.breached_at)


def resume(clock: Clock, fact: Fact) -> Clock:
    """Count again; what was left at the pause is left now."""
    return due_again(replace(clock, state=ClockState.RUNNING))


def retarget(clock: Clock, fact: Fact) -> Clock:
    """Promise another target, the time already used still counting.

    Time used under another calendar counts as it was counted then. A stricter target that is
    used up already falls due at once: it was not promised earlier. A looser one does not mend
    a promise already broken.
    """
    terms = Terms(
        target_seconds=fact.target_seconds or clock.terms.target_seconds,
        calendar=fact.calendar or clock.terms.calendar,
        pausable=clock.terms.pausable if fact.pausable is None else fact.pausable,
    )
    return due_again(replace(clock, terms=terms))


def due_again(clock: Clock) -> Clock:
    """The clock with its due time worked out anew from what is left as of now."""
    if clock.state is ClockState.PAUSED or clock.breached_at is not None:
        return clock
    left = total(clock.terms.target_seconds, -clock.elapsed_seconds)
    due_at = clock.terms.calendar.add(clock.as_of, left) if left > 0 else clock.as_of
    return replace(clock, due_at=due_at)


def breach(clock: Clock, fact: Fact) -> Clock:
    """Put on record that the due time has passed (or, at the very due time, is passing)."""
    if clock.noticed_at is not None:
        raise ImpossibleFact(fact, f"the breach was noticed at {clock.noticed_at}")
    if clock.breached_at is None and clock.due_at is None:
        raise ImpossibleFact(fact, "a paused clock cannot be breached")
    if clock.due_at is None or fact.at < clock.due_at:
        raise ImpossibleFact(fact, f"the promise is due only at {clock.due_at}")
    return replace(clock, breached_at=clock.due_at, noticed_at=fact.at)


def meet(clock: Clock, fact: Fact) -> Clock:
    """Keep the promise, or do late what was promised. Paused time does not make it late."""
    return replace(clock, state=ClockState.MET, met_at=fact.at)


def cancel(clock: Clock, fact: Fact) -> Clock:
    """Give the promise up; if it was broken before, it stays broken."""
    return replace(clock, state=ClockState.CANCELLED, cancelled_at=fact.at)


CHANGES: dict[FactKind, Callable[[Clock, Fact], Clock]] = {
    FactKind.PAUSED: pause,
    FactKind.RESUMED: resume,
    FactKind.RETARGETED: retarget,
    FactKind.BREACHED: breach,
    FactKind.MET: meet,
    FactKind.CANCELLED: cancel,
}
