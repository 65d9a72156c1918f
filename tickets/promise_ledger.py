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

from accounts import agenda, events
from accounts.viewer import SYSTEM, Viewer
from tickets import ledger, level_budgets, promise_warnings
from tickets.models import CalendarVersion, PolicyVersion, Promise, PromiseFact, Ticket
from tickets.models.promise import PauseReason
from tickets.sla.clock import Clock
from tickets.sla.facts import FactKind

DUE: Final = "promise.due"
# A running promise is at risk once this part of its time is used up.
RISKY_SHARE: Final = 0.8


def open_of(ticket: Ticket, kinds: Iterable[str]) -> list[Promise]:
    """The ticket's running and paused promises of these kinds, locked."""
    return list(
        Promise.objects.open()
        .filter(ticket=ticket, kind__in=list(kinds))
        .select_related("policy_version__policy", "calendar_version")
        .select_for_update(of=("self",))
    )


def give(
    ticket: Ticket, kind: str, version: PolicyVersion, *, by: Viewer, now: dt.datetime, reason: str
) -> None:
    """Start a clock, if that policy promises anything of this kind."""
    target = version.target_seconds(kind)
    if target is not None:
        _start(_promise(ticket, kind, version, target, now=now), by=by, reason=reason)


def give_update_by(
    ticket: Ticket, until: dt.datetime, version: PolicyVersion, *, by: Viewer, now: dt.datetime
) -> None:
    """Promise an update by that very instant on the wall: never paused, of no calendar."""
    seconds = max(1, math.ceil((until - now).total_seconds()))
    promise = _promise(ticket, Promise.Kind.UPDATE, version, seconds, now=now)
    promise.promised_by_name = by.name
    _start(promise, by=by, reason="promised in a reply", until=until)


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


def _start(promise: Promise, *, by: Viewer, reason: str, until: dt.datetime | None = None) -> None:
    """Keep the promise and the first row of its ledger."""
    first = PromiseFact(
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
    _keep(promise, ledger.clock(promise, [ledger.row_of(first)]))
    first.promise = promise
    first.save()
    level_budgets.ask(promise, now=first.at)


def note(
    promise: Promise, kind: FactKind, *, by: Viewer, now: dt.datetime, reason: str = ""
) -> None:
    """Append a fact and take over the state that follows from all of them.

    A time that ran out unnoticed is put on record first, under the wording it ran out under.
    """
    notice(promise, now=now)
    _append(promise, kind, by=by, now=now, reason=reason)
    _keep(promise, ledger.clock(promise))
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
    _append(
        promise,
        FactKind.RETARGETED,
        by=by,
        now=now,
        reason=reason,
        target_seconds=target_seconds,
        calendar_version=calendar_version,
    )
    _keep(promise, ledger.clock(promise))
    level_budgets.ask(promise, now=now)


def notice(promise: Promise, *, now: dt.datetime) -> None:
    """Put a breach on record if the time has run out by now."""
    clock = ledger.clock(promise)
    clock = clock.at(max(now, clock.as_of))
    if promise.breached_at is None and clock.breached_at is not None:
        _keep(promise, clock)


def pauses_of(promise: Promise) -> frozenset[PauseReason]:
    """What stops this clock; nothing does when a person named the time."""
    if promise.promised_by_name:
        return frozenset()
    return promise.policy_version.pauses_of(promise.kind)


def _append(
    promise: Promise,
    kind: FactKind,
    *,
    by: Viewer,
    now: dt.datetime,
    reason: str = "",
    target_seconds: int | None = None,
    calendar_version: CalendarVersion | None = None,
) -> None:
    """Two transactions may reach a clock in the other order than they read the time, so a
    fact is never dated before the one it follows.
    """
    last = promise.facts.exclude(kind=FactKind.BREACHED).order_by("id").last()
    PromiseFact.objects.create(
        organization_id=promise.organization_id,
        promise=promise,
        kind=kind,
        at=max(now, last.at) if last else now,
        actor=by.user,
        actor_name=by.name,
        reason=reason,
        policy=promise.policy,
        policy_version=promise.policy_version,
        calendar_version=calendar_version,
        target_seconds=target_seconds,
    )


def _keep(promise: Promise, clock: Clock) -> None:
    """Write the clock's state on the promise, and what it asks for later into the agenda."""
    broken_at = clock.breached_at if promise.breached_at is None else None
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
    promise.save()
    if broken_at is not None:
        _record_breach(promise, broken_at)
    promise_warnings.plan(promise, clock)
    subject = f"promise/{promise.pk}"
    if promise.is_open and clock.breached_at is not None:
        return  # the deadline stays until the engine has rung somebody about the breach
    agenda.strike(subject=subject, kind=DUE, now=clock.as_of)
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
    PromiseFact.objects.create(
        organization_id=promise.organization_id,
        promise=promise,
        kind=FactKind.BREACHED,
        at=at,
        reason="time ran out",
        policy=promise.policy,
        policy_version=promise.policy_version,
    )
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
