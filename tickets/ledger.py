"""The rows of a promise's ledger as pure facts, and what follows from them."""

from __future__ import annotations

import datetime as dt

from tickets.models import Promise, PromiseFact
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Clock, Terms, replay
from tickets.sla.explanation import Explanation, Recorded, explain
from tickets.sla.facts import Fact, FactKind

CALENDARS: dict[str, Calendar] = {"around-the-clock": AroundTheClock()}


def rows(promise: Promise) -> list[PromiseFact]:
    """All rows of its ledger in their order; one query, none when they were prefetched."""
    return sorted(promise.facts.all(), key=lambda fact: fact.pk)


def terms(promise: Promise, ledger: list[PromiseFact]) -> Terms:
    """What was promised at first: by the first row, and by what is pinned on the promise."""
    first = ledger[0]
    return Terms(
        target_seconds=first.target_seconds or promise.target_seconds,
        calendar=CALENDARS[promise.calendar],
        pausable=promise.kind != Promise.Kind.RESPONSE and not promise.promised_by_name,
        until=first.until,
    )


def fact_of(row: PromiseFact) -> Fact:
    """The row as a pure fact; only a retargeted one carries a target."""
    target = row.target_seconds if row.kind == FactKind.RETARGETED else None
    return Fact(FactKind(row.kind), row.at, target)


def clock(promise: Promise) -> Clock:
    """The clock as of its last fact. Breaches follow from the others and are left out."""
    ledger = rows(promise)
    facts = [fact_of(row) for row in ledger if row.kind != FactKind.BREACHED]
    return replay(terms(promise, ledger), facts)


def recorded(row: PromiseFact) -> Recorded:
    """The row with what it says besides: who, why, under which policy."""
    return Recorded(fact=fact_of(row), by=row.actor_name, reason=row.reason, policy=row.policy)


def explanation(promise: Promise, now: dt.datetime) -> Explanation:
    """How its due time came about, up to `now`. ValueError for a ledger that makes no sense."""
    ledger = rows(promise)
    if not ledger:
        raise ValueError(f"Promise {promise.pk} has no ledger.")
    return explain(terms(promise, ledger), [recorded(row) for row in ledger], now)
