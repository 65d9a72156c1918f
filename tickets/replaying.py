"""Replay a promise from the rows of its ledger, under its own policy or any other.

Nothing is written. Under another policy the ledger tells when the clock was started, stood
still and ended; target, calendar and what pauses the clock are that policy's throughout, so
re-gradings drop out. Waiting that the clock was not paused for is not in the ledger, and so
in no replay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tickets import ledger
from tickets.calendars import calendar_of
from tickets.ledger import Row
from tickets.models import PolicyVersion, Promise
from tickets.sla.clock import Clock, ClockState, Terms
from tickets.sla.explanation import Explanation, Recorded, explain
from tickets.sla.facts import Fact, FactKind

A_MOMENT: Final = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored of a promise, and what follows from its ledger instead."""

    what: str
    stored: object
    replayed: object


@dataclass(frozen=True, slots=True)
class Replay:
    """`problem` says why nothing could be replayed; there is no explanation then."""

    promise: Promise
    policy: str
    explanation: Explanation | None = None
    differences: tuple[Difference, ...] = ()
    problem: str = ""

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.problem


def replay(promise: Promise, now: dt.datetime, version: PolicyVersion | None = None) -> Replay:
    """The promise from its ledger, explained up to `now` and compared with what is stored.

    `version` is another policy to replay it under; None for its own.
    """
    policy = str(version) if version else promise.policy
    rows = ledger.rows(promise)
    try:
        if version is None:
            terms, recorded = ledger.terms(promise, rows), ledger.recorded(promise, rows)
        else:
            terms, recorded = _terms(promise, version, rows), _under(promise, version, rows)
        found = explain(terms, recorded, now)
        last = recorded[-1].fact.at
        clock = _as_stored(promise, explain(terms, recorded, last).clock)
    except (ValueError, IndexError) as problem:
        return Replay(promise, policy, problem=str(problem) or "The ledger is empty.")
    differences = [*_differences(promise, clock)]
    if version is None:
        differences += _unrecorded(promise, rows)
    return Replay(promise, policy, found, tuple(differences))


def _terms(promise: Promise, version: PolicyVersion, rows: Sequence[Row]) -> Terms:
    own = ledger.terms(promise, rows)
    if own.until is not None:  # a time a person named is the same under any policy
        return own
    target = version.target_seconds(promise.kind)
    if target is None:
        raise ValueError(f"{version} promises nothing of this kind.")
    pausable = bool(version.pauses_of(promise.kind))
    return Terms(target, calendar_of(version.calendar_version), pausable)


def _under(promise: Promise, version: PolicyVersion, rows: Sequence[Row]) -> list[Recorded]:
    """The facts that remain facts under that policy."""
    pauses = version.pauses_of(promise.kind)
    kept: list[Recorded] = []
    is_paused = False
    for row in rows:
        if row.kind in (FactKind.BREACHED, FactKind.RETARGETED):
            continue
        if row.kind is FactKind.PAUSED:
            if row.reason not in pauses:
                continue
            is_paused = True
        elif row.kind is FactKind.RESUMED:
            if not is_paused:
                continue
            is_paused = False
        fact = Fact(row.kind, row.at)
        kept.append(Recorded(fact, by=row.by, reason=row.reason, policy=str(version)))
    return kept


def _as_stored(promise: Promise, clock: Clock) -> Clock:
    """The clock as of the last thing that is stored: its last fact, or a breach after it."""
    stored = promise.breached_at
    if stored is None or clock.state is not ClockState.RUNNING:
        return clock
    return clock.at(max(clock.as_of, stored + A_MOMENT))


def _differences(promise: Promise, clock: Clock) -> list[Difference]:
    pairs = {
        "state": (str(promise.state), str(clock.state)),
        "target in seconds": (promise.target_seconds, clock.terms.target_seconds),
        "due": (promise.due_at, clock.due_at),
        "met": (promise.met_at, clock.met_at),
        "broken": (promise.breached_at, clock.breached_at),
    }
    if clock.state is ClockState.PAUSED:
        left = clock.remaining(clock.as_of)
        pairs["seconds left"] = (promise.remaining_seconds, left)
    return [Difference(what, *pair) for what, pair in pairs.items() if pair[0] != pair[1]]


def _unrecorded(promise: Promise, rows: Sequence[Row]) -> list[Difference]:
    """A breach stands in the ledger exactly when it is stored, once, and at that instant."""
    recorded = [row.at for row in rows if row.kind is FactKind.BREACHED]
    stored = [promise.breached_at] if promise.breached_at else []
    return [] if recorded == stored else [Difference("breaches on record", stored, recorded)]
