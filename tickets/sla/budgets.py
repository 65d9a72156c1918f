"""Who spent the time of a promise: its working seconds, split by who held the ticket.

Pure: facts, a calendar and holdings in; seconds for each level out. Pauses belong to nobody,
and so does the time after the end. The seconds of all levels together are those the clock
itself counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from tickets.instants import instant
from tickets.sla.calendar import Calendar
from tickets.sla.clock import total
from tickets.sla.facts import Fact, FactKind

NOBODY: Final = ""  # the level of a ticket that nobody has taken yet


@dataclass(frozen=True, slots=True)
class Held:
    """From `since` on somebody of `level` held the ticket; `NOBODY` if it was given back."""

    since: datetime
    level: str


@dataclass(frozen=True, slots=True)
class LevelTime:
    """Working seconds a level spent, of the seconds the policy gives it (None: no budget)."""

    level: str
    seconds: float
    budget_seconds: int | None = None

    @property
    def is_spent(self) -> bool:
        return self.budget_seconds is not None and self.seconds >= self.budget_seconds


@dataclass(frozen=True, slots=True)
class Running:
    """The clock ran from `start` to `end`, and counted the working time of `calendar`."""

    calendar: Calendar
    start: datetime
    end: datetime


def running_periods(calendar: Calendar, facts: Iterable[Fact], until: datetime) -> list[Running]:
    """When the clock ran, up to `until`: from its start to its end, less the pauses.

    `calendar` is the first one; a retargeted fact may bring another. The facts are those of a
    ledger that `clock.replay` accepts, in its order.
    """
    until = instant(until)
    found: list[Running] = []
    since: datetime | None = None
    for fact in facts:
        if since is not None and fact.kind is not FactKind.BREACHED:
            found.append(Running(calendar, since, min(fact.at, until)))
        if fact.kind is FactKind.RETARGETED:
            calendar = fact.calendar or calendar
            since = fact.at if since is not None else None
        elif fact.kind in (FactKind.STARTED, FactKind.RESUMED):
            since = fact.at
        elif fact.kind in (FactKind.PAUSED, FactKind.MET, FactKind.CANCELLED):
            since = None
    if since is not None:
        found.append(Running(calendar, since, until))
    return [one for one in found if one.start < one.end]


def time_of_levels(
    periods: Iterable[Running],
    holdings: Iterable[Held],
    budgets: Mapping[str, int] | None = None,
) -> list[LevelTime]:
    """The working seconds of each level, in the order in which they first held the ticket.

    Before the first holding it was nobody's. Of holdings since the same instant the last one
    given counts. A level with a budget that never held it stands at the end, with 0 seconds.
    """
    budgets = budgets or {}
    spent: dict[str, float] = {}
    turns = _turns(holdings)
    for one in periods:
        for level, since, till in turns:
            a, b = max(one.start, since or one.start), min(one.end, till or one.end)
            if a < b:
                spent[level] = total(spent.get(level, 0.0), one.calendar.between(a, b))
    levels = [*spent, *(level for level in budgets if level not in spent)]
    return [LevelTime(level, spent.get(level, 0.0), budgets.get(level)) for level in levels]


def used_up_at(
    calendar: Calendar, level: LevelTime, now: datetime, *, holds: bool
) -> datetime | None:
    """When the level's budget is used up if it `holds` the running clock from `now` on.

    `now` when it already is; None without a budget, or while somebody else has the ticket.
    """
    if level.budget_seconds is None:
        return None
    if level.is_spent:
        return instant(now)
    return calendar.add(now, total(level.budget_seconds, -level.seconds)) if holds else None


def spent_at(
    periods: Iterable[Running], holdings: Iterable[Held], level: str, budget_seconds: int
) -> datetime | None:
    """The very instant at which the level had spent so much; None if it has not."""
    left, turns = float(budget_seconds), _turns(holdings)
    for one in periods:
        for held_by, since, till in turns:
            a, b = max(one.start, since or one.start), min(one.end, till or one.end)
            if held_by != level or a >= b:
                continue
            passed = one.calendar.between(a, b)
            if passed >= left:
                return one.calendar.add(a, left)
            left = total(left, -passed)
    return None


Turn = tuple[str, datetime | None, datetime | None]


def _turns(holdings: Iterable[Held]) -> Sequence[Turn]:
    """Who held it from when to when; open at both ends."""
    ordered = sorted(holdings, key=lambda held: held.since)
    if not ordered:
        return [(NOBODY, None, None)]
    turns: list[Turn] = [(NOBODY, None, ordered[0].since)]
    turns += [(one.level, one.since, following.since) for one, following in pairwise(ordered)]
    return [*turns, (ordered[-1].level, ordered[-1].since, None)]
