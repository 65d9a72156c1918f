"""The rows of a promise's ledger as pure facts, and what follows from them."""

from __future__ import annotations

import datetime as dt

from tickets.calendars import calendar_of
from tickets.models import Promise, PromiseFact
from tickets.sla.clock import Clock, Terms, replay
from tickets.sla.explanation import Explanation, Recorded, explain
from tickets.sla.facts import Fact, FactKind


def rows(promise: Promise) -> list[PromiseFact]:
    """All rows of its ledger in their order, with what they were written under. One query."""
    under = promise.facts.select_related("policy_version", "calendar_version")
    return list(under.order_by("id"))


def terms(promise: Promise, ledger: list[PromiseFact]) -> Terms:
    """What was promised at first: by the first row, and by what is pinned on the promise."""
    first = ledger[0]
    return Terms(
        target_seconds=first.target_seconds or promise.target_seconds,
        calendar=calendar_of(first.calendar_version or promise.calendar_version),
        pausable=bool(first.policy_version.pauses_of(promise.kind)),
        until=first.until,
    )


def fact_of(row: PromiseFact, kind: str) -> Fact:
    """The row of a promise of that kind as a pure fact; only a retargeted one has new terms."""
    if row.kind != FactKind.RETARGETED:
        return Fact(FactKind(row.kind), row.at)
    return Fact(
        FactKind.RETARGETED,
        row.at,
        target_seconds=row.target_seconds,
        calendar=calendar_of(row.calendar_version) if row.calendar_version else None,
        pausable=bool(row.policy_version.pauses_of(kind)),
    )


def clock(promise: Promise) -> Clock:
    """The clock as of its last fact. Breaches follow from the others and are left out."""
    ledger = rows(promise)
    facts = [fact_of(row, promise.kind) for row in ledger if row.kind != FactKind.BREACHED]
    return replay(terms(promise, ledger), facts)


def recorded(row: PromiseFact, kind: str) -> Recorded:
    """The row with what it says besides: who, why, under which policy."""
    return Recorded(
        fact=fact_of(row, kind), by=row.actor_name, reason=row.reason, policy=row.policy
    )


def explanation(promise: Promise, now: dt.datetime) -> Explanation:
    """How its due time came about, up to `now`. ValueError for a ledger that makes no sense."""
    ledger = rows(promise)
    if not ledger:
        raise ValueError(f"Promise {promise.pk} has no ledger.")
    return explain(terms(promise, ledger), [recorded(row, promise.kind) for row in ledger], now)
