"""The rows of a promise's ledger as pure facts, and what follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from tickets.models import Promise, PromiseFact
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Clock, Terms, replay
from tickets.sla.explanation import Explanation, Recorded, explain
from tickets.sla.facts import Fact, FactKind

CALENDARS: dict[str, Calendar] = {"around-the-clock": AroundTheClock()}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a ledger, as it was read."""

    kind: FactKind
    at: dt.datetime
    target_seconds: int | None
    until: dt.datetime | None
    by: str
    reason: str
    policy: str

    @property
    def fact(self) -> Fact:
        """The row as a pure fact; only a retargeted one carries a target."""
        target = self.target_seconds if self.kind is FactKind.RETARGETED else None
        return Fact(self.kind, self.at, target)

    @property
    def recorded(self) -> Recorded:
        """The fact with what the row says besides: who, why, under which policy."""
        return Recorded(fact=self.fact, by=self.by, reason=self.reason, policy=self.policy)


def with_rows(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """The promises, each with its ledger, in the same query."""
    facts = PromiseFact.objects.filter(promise=OuterRef("pk")).order_by("pk")
    row = JSONObject(
        kind="kind",
        at="at",
        target_seconds="target_seconds",
        until="until",
        by="actor_name",
        reason="reason",
        policy="policy",
    )
    return promises.annotate(ledger_rows=ArraySubquery(facts.values(row=row)))


def rows(promise: Promise) -> list[Row]:
    """All rows of its ledger in their order: as `with_rows` brought them, else by a query."""
    brought = getattr(promise, "ledger_rows", None)
    if brought is None:
        return [row_of(fact) for fact in promise.facts.order_by("pk")]
    return [_read(**values) for values in brought]


def row_of(fact: PromiseFact) -> Row:
    return Row(
        kind=FactKind(fact.kind),
        at=fact.at,
        target_seconds=fact.target_seconds,
        until=fact.until,
        by=fact.actor_name,
        reason=fact.reason,
        policy=fact.policy,
    )


def _read(*, kind: str, at: str, until: str | None, **rest: object) -> Row:
    return Row(
        kind=FactKind(kind),
        at=dt.datetime.fromisoformat(at),
        until=dt.datetime.fromisoformat(until) if until else None,
        **rest,  # type: ignore[arg-type]  # as the database has them
    )


def terms(promise: Promise, ledger: Sequence[Row]) -> Terms:
    """What was promised at first: by the first row, and by what is pinned on the promise."""
    first = ledger[0]
    return Terms(
        target_seconds=first.target_seconds or promise.target_seconds,
        calendar=CALENDARS[promise.calendar],
        pausable=promise.kind != Promise.Kind.RESPONSE and not promise.promised_by_name,
        until=first.until,
    )


def clock(promise: Promise, ledger: Sequence[Row] | None = None) -> Clock:
    """The clock as of its last fact. Breaches follow from the others and are left out."""
    ledger = rows(promise) if ledger is None else ledger
    facts = [row.fact for row in ledger if row.kind is not FactKind.BREACHED]
    return replay(terms(promise, ledger), facts)


def explanation(promise: Promise, now: dt.datetime) -> Explanation:
    """How its due time came about, up to `now`. ValueError for a ledger that makes no sense."""
    ledger = rows(promise)
    if not ledger:
        raise ValueError(f"Promise {promise.pk} has no ledger.")
    return explain(terms(promise, ledger), [row.recorded for row in ledger], now)
