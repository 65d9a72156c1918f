"""The ledger of one promise: facts are appended, and the state that follows from them is kept.

The arithmetic is pure and lives in `tickets.sla`; here is the bridge to the database. The
caller holds the ticket's lock.
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Iterable
from typing import Final

from accounts import agenda, events, rows
from accounts.viewer import SYSTEM, Viewer
from tickets import ledger, level_budgets, promise_warnings
from tickets.models import CalendarVersion, PolicyVersion, Promise, PromiseFact, Ticket
from tickets.models.promise import PauseReason
from tickets.policy_versions import calendar_version, policy_version
from tickets.sla.clock import Clock
from tickets.sla.facts import FactKind

DUE: Final = "promise.due"
# A running promise is at risk once this part of its time is used up.
RISKY_SHARE: Final = 0.8
# What a fact may change of a promise.
_KEPT: Final = (
    *("state", "target_seconds", "due_at", "at_risk_at", "met_at", "breached_at"),
    *("remaining_seconds", "paused_for", "paused_until"),
    *("policy", "policy_version", "calendar_version"),
)


def open_of(ticket: Ticket, kinds: Iterable[str]) -> list[Promise]:
    """The ticket's running and paused promises of these kinds, locked, with their ledgers."""
    found = Promise.objects.open().filter(ticket=ticket, kind__in=list(kinds))
    promises = list(ledger.with_rows(found).select_for_update(of=("self",)))
    for promise in promises:
        promise.policy_version = policy_version(promise.policy_version_id)
        promise.calendar_version = calendar_version(promise.calendar_version_id)
    return promises


def give(
    ticket: Ticket,
    kinds: Iterable[str],
    version: PolicyVersion,
    *,
    by: Viewer,
    now: dt.datetime,
    reason: str,
) -> list[Promise]:
    """Start a clock of each of these kinds, if that policy promises anything of it."""
    promises = []
    for kind in kinds:
        target = version.target_seconds(kind)
        if target is not None:
            promises.append(_promise(ticket, kind, version, target, now=now))
    begin(promises, by=by, reason=reason)
    return promises


def give_update_by(
    ticket: Ticket, until: dt.datetime, version: PolicyVersion, *, by: Viewer, now: dt.datetime
) -> list[Promise]:
    """Promise an update by that very instant on the wall: never paused, of no calendar."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    promise = _promise(ticket, Promise.Kind.UPDATE, version, seconds, now=now)
    promise.promised_by_name = by.name
    begin([promise], by=by, reason="promised in a reply", until=until)
    return [promise]


def _promise(
    ticket: Ticket, kind: str, version: PolicyVersion, target: int, *, now: dt.datetime
) -> Promise:
    return Promise(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=kind,
        cycle=ticket.cycle,
        policy=str(version),
        policy_version=version,
        calendar_version=version.calendar_version,
        target_seconds=target,
        started_at=now,
    )


def begin(
    promises: list[Promise], *, by: Viewer, reason: str, until: dt.datetime | None = None
) -> None:
    """Keep the promises and the first rows of their ledgers."""
    clocks = []
    for promise in promises:
        ledger.begin(promise, _first(promise, by, reason, until))
        clocks.append(ledger.clock(promise))
        _follow(promise, clocks[-1])
    rows.insert(promises)
    rows.insert([_first(promise, by, reason, until) for promise in promises])
    with agenda.together():
        for promise, clock in zip(promises, clocks, strict=True):
            _plan(promise, clock)
            level_budgets.ask(promise, now=promise.started_at)


def _first(promise: Promise, by: Viewer, reason: str, until: dt.datetime | None) -> PromiseFact:
    return PromiseFact(
        organization_id=promise.organization_id,
        promise=promise,
        kind=FactKind.STARTED,
        at=promise.started_at,
        actor=by.user,
        actor_name=by.name,
        reason=reason,
        policy=promise.policy,
        policy_version=promise.policy_version,
        calendar_version=promise.calendar_version,
        target_seconds=promise.target_seconds,
        until=until,
    )


def note(
    promise: Promise, kind: FactKind, *, by: Viewer, now: dt.datetime, reason: str = ""
) -> None:
    """Append a fact and take over the state that follows from all of them.

    A time that ran out unnoticed is put on record first, under the wording it ran out under.
    """
    notice(promise, now=now)
    append(promise, kind, by=by, now=now, reason=reason)
    keep(promise, ledger.clock(promise))
    level_budgets.ask(promise, now=now)


def retarget(
    promise: Promise,
    version: PolicyVersion,
    *,
    target_seconds: int,
    calendar_version: CalendarVersion,
    by: Viewer,
    now: dt.datetime,
    reason: str,
) -> None:
    """Put the clock under another wording, from now on."""
    notice(promise, now=now)
    promise.policy, promise.policy_version = str(version), version
    promise.calendar_version = calendar_version
    append(
        promise,
        FactKind.RETARGETED,
        by=by,
        now=now,
        reason=reason,
        target_seconds=target_seconds,
        calendar_version=calendar_version,
    )
    keep(promise, ledger.clock(promise))
    level_budgets.ask(promise, now=now)


def notice(promise: Promise, *, now: dt.datetime) -> None:
    """Put a breach on record if the time has run out by now."""
    clock = ledger.clock(promise)
    clock = clock.at(max(now, clock.as_of))
    if promise.breached_at is None and clock.breached_at is not None:
        keep(promise, clock)


def pauses_of(promise: Promise) -> frozenset[PauseReason]:
    """What stops this clock; nothing does when a person named the time."""
    if promise.promised_by_name:
        return frozenset()
    return promise.policy_version.pauses_of(promise.kind)


def append(
    promise: Promise,
    kind: FactKind,
    *,
    by: Viewer,
    now: dt.datetime,
    reason: str = "",
    target_seconds: int | None = None,
    calendar_version: CalendarVersion | None = None,
    until: dt.datetime | None = None,
) -> None:
    """Two transactions may reach a clock in the other order than they read the time, so a
    fact is never dated before the one it follows.
    """
    known = [row.at for row in ledger.rows(promise) if row.kind is not FactKind.BREACHED]
    fact = PromiseFact(
        organization_id=promise.organization_id,
        promise=promise,
        kind=kind,
        at=max(now, *known[-1:]) if known else now,
        actor=by.user,
        actor_name=by.name,
        reason=reason,
        policy=promise.policy,
        policy_version=promise.policy_version,
        calendar_version=calendar_version,
        target_seconds=target_seconds,
        until=until,
    )
    rows.insert([fact])
    ledger.add(promise, fact)


def keep(promise: Promise, clock: Clock) -> None:
    """Write the clock's state on the promise, and what it asks for later into the agenda."""
    broken_at = clock.breached_at if promise.breached_at is None else None
    _follow(promise, clock)
    rows.update(promise, _KEPT)
    if broken_at is not None:
        _record_breach(promise, broken_at)
    kinds = [promise_warnings.WARN]
    if not _is_owed_late(promise, clock):
        kinds.append(DUE)
    agenda.strike(subject=f"promise/{promise.pk}", kind=kinds, now=clock.as_of)
    with agenda.together():
        _plan(promise, clock)


def _follow(promise: Promise, clock: Clock) -> None:
    """Take the clock's state over, not saved yet."""
    promise.state = Promise.State(clock.state.value)
    promise.target_seconds = clock.terms.target_seconds
    promise.due_at = clock.due_at
    promise.at_risk_at = clock.reaches(RISKY_SHARE)
    promise.met_at = clock.met_at
    promise.breached_at = clock.breached_at
    if promise.state == Promise.State.PAUSED:
        promise.remaining_seconds = clock.remaining(clock.as_of)
    else:
        promise.remaining_seconds, promise.paused_for, promise.paused_until = None, "", None


def _is_owed_late(promise: Promise, clock: Clock) -> bool:
    """Then its deadline stays until the engine has rung somebody about the breach."""
    return promise.is_open and clock.breached_at is not None


def _plan(promise: Promise, clock: Clock) -> None:
    """Put down the next warning and the due time; what stood there was struck."""
    promise_warnings.put_down(promise, clock)
    if _is_owed_late(promise, clock):
        return
    if promise.state == Promise.State.RUNNING and clock.due_at:
        plan_due(promise, clock.due_at + dt.timedelta(milliseconds=1))


def plan_due(promise: Promise, at: dt.datetime) -> None:
    """Have the engine look at `at` whether the promise is broken."""
    subject = f"promise/{promise.pk}"
    agenda.schedule(
        kind=DUE,
        # Struck and set again under the ticket's lock, perhaps twice in one instant for
        # the same due time: a key made of these would bring back nothing.
        key=f"{subject}:{uuid.uuid4()}",
        due_at=at,
        subject=subject,
        organization_id=promise.organization_id,
        promise=promise.pk,
    )


def _record_breach(promise: Promise, at: dt.datetime) -> None:
    fact = PromiseFact(
        organization_id=promise.organization_id,
        promise=promise,
        kind=FactKind.BREACHED,
        at=at,
        reason="time ran out",
        policy=promise.policy,
        policy_version=promise.policy_version,
    )
    rows.insert([fact])
    ledger.add(promise, fact)
    record_event(promise, "promise.broken", by=SYSTEM, at=at)


def record_event(promise: Promise, verb: str, *, by: Viewer, at: dt.datetime) -> None:
    """Say in the ticket's log that a promise was met or broken."""
    events.record(
        verb=verb,
        subject=f"ticket/{promise.ticket_id}",
        by=by,
        at=at,
        organization_id=promise.organization_id,
        promise=promise.pk,
        kind=promise.kind,
        kept=promise.kept,
    )
