"""A promise's clock, read from its ledger and from nothing else."""

from __future__ import annotations

from tickets.calendars import calendar_of
from tickets.models import Promise, PromiseFact
from tickets.sla.clock import Clock, Terms, replay
from tickets.sla.facts import Fact, FactKind


def clock_of(promise: Promise) -> Clock:
    """The clock as of its last fact, from the ledger alone. One query."""
    rows = list(
        promise.facts.exclude(kind=FactKind.BREACHED)
        .select_related("policy_version", "calendar_version")
        .order_by("id")
    )
    first = rows[0]
    terms = Terms(
        target_seconds=first.target_seconds or promise.target_seconds,
        calendar=calendar_of(first.calendar_version or promise.calendar_version),
        pausable=bool(first.policy_version.pauses_of(promise.kind)),
    )
    return replay(terms, [_fact(row, promise.kind) for row in rows])


def _fact(row: PromiseFact, kind: str) -> Fact:
    """A row as the pure fact it is. Breaches are left out: they follow from the others."""
    if row.kind != FactKind.RETARGETED:
        return Fact(FactKind(row.kind), row.at)
    return Fact(
        FactKind.RETARGETED,
        row.at,
        target_seconds=row.target_seconds,
        calendar=calendar_of(row.calendar_version) if row.calendar_version else None,
        pausable=bool(row.policy_version.pauses_of(kind)),
    )
