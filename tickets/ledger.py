"""The rows of a promise's ledger as pure facts, and what follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from tickets.calendars import calendar_of
from tickets.models import CalendarVersion, Promise, PromiseFact
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Clock, Terms, replay
from tickets.sla.explanation import Explanation, Recorded, explain
from tickets.sla.facts import Fact, FactKind

ALWAYS: Final = AroundTheClock()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a ledger, as it was read.

    `pauses` is what its policy (`version_id`) lets a clock wait for, by the kind of promise;
    `calendar_id` names the calendar version of a row that says how much time there is.
    """

    kind: FactKind
    at: dt.datetime
    target_seconds: int | None
    until: dt.datetime | None
    by: str
    reason: str
    policy: str
    pauses: dict[str, list[str]]
    version_id: int
    calendar_id: int | None


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
        pauses="policy_version__pauses",
        version_id="policy_version_id",
        calendar_id="calendar_version_id",
    )
    return promises.annotate(ledger_rows=ArraySubquery(facts.values(row=row)))


def rows(promise: Promise) -> list[Row]:
    """The rows of its ledger that count, in their order: as `with_rows` brought them, else by a
    query.
    """
    brought = getattr(promise, "ledger_rows", None)
    if brought is None:
        facts = promise.facts.select_related("policy_version").order_by("pk")
        return _standing(row_of(fact) for fact in facts)
    return _standing(row if isinstance(row, Row) else _read(**row) for row in brought)


def _standing(rows: Iterable[Row]) -> list[Row]:
    """The rows without those that were taken back: a `restored` one undoes what was noted since
    the instant it names, but never the beginning.
    """
    standing: list[Row] = []
    for row in rows:
        if row.kind is FactKind.RESTORED and row.until is not None:
            standing = before(standing, row.until)
        else:
            standing.append(row)
    return standing


def before(rows: Sequence[Row], since: dt.datetime) -> list[Row]:
    """The rows from before that instant, and the first one."""
    return [*rows[:1], *(row for row in rows[1:] if row.at < since)]


def add(promise: Promise, fact: PromiseFact) -> None:
    """Take note of a row that was just written, so that a ledger at hand stays whole."""
    brought = getattr(promise, "ledger_rows", None)
    if brought is not None:
        brought.append(row_of(fact))


def begin(promise: Promise, fact: PromiseFact) -> None:
    """Keep the first row of a new ledger at hand, as if `with_rows` had brought it."""
    promise.ledger_rows = [row_of(fact)]  # type: ignore[attr-defined]  # as an annotation is


def row_of(fact: PromiseFact) -> Row:
    return Row(
        kind=FactKind(fact.kind),
        at=fact.at,
        target_seconds=fact.target_seconds,
        until=fact.until,
        by=fact.actor_name,
        reason=fact.reason,
        policy=fact.policy,
        pauses=fact.policy_version.pauses,
        version_id=fact.policy_version_id,
        calendar_id=fact.calendar_version_id,
    )


def _read(*, kind: str, at: str, until: str | None, **rest: object) -> Row:
    return Row(
        kind=FactKind(kind),
        at=dt.datetime.fromisoformat(at),
        until=dt.datetime.fromisoformat(until) if until else None,
        **rest,  # type: ignore[arg-type]  # as the database has them
    )


def terms(promise: Promise, ledger: Sequence[Row]) -> Terms:
    """What was promised at first. A time a person named is of no calendar and never paused."""
    first = ledger[0]
    return Terms(
        target_seconds=first.target_seconds or promise.target_seconds,
        calendar=_calendar(promise, first) or calendar_of(promise.calendar_version),
        pausable=_pausable(promise, first),
        until=first.until,
    )


def fact(promise: Promise, row: Row) -> Fact:
    """The row as a pure fact; only a retargeted one changes the terms."""
    if row.kind is not FactKind.RETARGETED:
        return Fact(row.kind, row.at)
    return Fact(
        row.kind,
        row.at,
        target_seconds=row.target_seconds,
        calendar=_calendar(promise, row),
        pausable=_pausable(promise, row),
    )


def facts(promise: Promise, ledger: Sequence[Row]) -> list[Fact]:
    """The ledger as pure facts, without the breaches: those follow from the others."""
    return [fact(promise, row) for row in ledger if row.kind is not FactKind.BREACHED]


def _calendar(promise: Promise, row: Row) -> Calendar | None:
    """The calendar a row names, almost always the promise's own; None if it names none."""
    if promise.promised_by_name:
        return ALWAYS
    if row.calendar_id is None:
        return None
    if row.calendar_id == promise.calendar_version_id:
        return calendar_of(promise.calendar_version)
    return calendar_of(CalendarVersion.objects.get(pk=row.calendar_id))


def _pausable(promise: Promise, row: Row) -> bool:
    return bool(row.pauses.get(promise.kind)) and not promise.promised_by_name


def clock(promise: Promise, ledger: Sequence[Row] | None = None) -> Clock:
    """The clock as of its last fact, from the ledger alone."""
    ledger = rows(promise) if ledger is None else ledger
    return replay(terms(promise, ledger), facts(promise, ledger))


def recorded(promise: Promise, ledger: Sequence[Row]) -> list[Recorded]:
    """The ledger with what its rows say besides: who, why, under which policy."""
    return [
        Recorded(fact=fact(promise, row), by=row.by, reason=row.reason, policy=row.policy)
        for row in ledger
    ]


def explanation(promise: Promise, now: dt.datetime) -> Explanation:
    """How its due time came about, up to `now`. ValueError for a ledger that makes no sense."""
    ledger = rows(promise)
    if not ledger:
        raise ValueError(f"Promise {promise.pk} has no ledger.")
    return explain(terms(promise, ledger), recorded(promise, ledger), now)
