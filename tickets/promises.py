"""Give promises, and write down what happens to them.

The arithmetic is pure and lives in `tickets.sla`; here facts are appended and the state that
follows from them is kept on the promise, with a deadline for the engine when it runs out.
"""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Iterable

from django.db import transaction

from accounts import agenda, events
from accounts.viewer import SYSTEM, Viewer
from tickets import ledger
from tickets.models import Promise, PromiseFact, Ticket
from tickets.models.ticket import Severity, State
from tickets.sla.clock import Clock
from tickets.sla.facts import FactKind

Kind = Promise.Kind

DEADLINE = "promise.due"


def start(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Promise a first answer and a solution, as the plan says for this severity."""
    reason = "opened" if ticket.cycle == 1 else "reopened"
    for kind in (Kind.RESPONSE, Kind.RESOLUTION):
        _give(ticket, kind, by=by, now=now, reason=reason)


def answered(
    ticket: Ticket, *, by: Viewer, now: dt.datetime, next_update_at: dt.datetime | None = None
) -> None:
    """A person of staff wrote: the answer is given, and the next update is promised.

    By `next_update_at` if they named the instant themselves, else as the plan says.
    """
    for promise in _open(ticket, [Kind.RESPONSE, Kind.UPDATE]):
        _note(promise, FactKind.MET, by=by, now=now, reason="answered")
        _event(ticket, promise, "promise.met", by=by, at=now)
    if next_update_at is not None:
        _give_update_by(ticket, next_update_at, by=by, now=now)
    elif ticket.is_unsolved:
        _give(ticket, Kind.UPDATE, by=by, now=now, reason="answered")


def update_every(ticket: Ticket, now: dt.datetime) -> int | None:
    """Seconds of working time between updates as the plan promises them; None when it does not."""
    return ticket.organization.entitlements.targets[ticket.severity].next_update


def next_update_due(ticket: Ticket, now: dt.datetime) -> dt.datetime | None:
    """When the next update is due at the latest, if one is given at `now`."""
    seconds = update_every(ticket, now)
    calendar = ledger.CALENDARS[ticket.organization.entitlements.calendar]
    return calendar.add(now, seconds) if seconds is not None else None


def owes_answer(ticket: Ticket) -> bool:
    """Whether the customer still waits for a person's first answer in this cycle."""
    return Promise.objects.filter(
        ticket=ticket, kind=Kind.RESPONSE, state=Promise.State.RUNNING
    ).exists()


def pause(ticket: Ticket, *, by: Viewer, reason: str, now: dt.datetime) -> None:
    """Stop what may be stopped; an urgent ticket's clocks run on whatever we wait for."""
    for promise in _open(ticket, [Kind.UPDATE, Kind.RESOLUTION]):
        if promise.state == Promise.State.RUNNING and _pausable(promise, ticket):
            _note(promise, FactKind.PAUSED, by=by, now=now, reason=reason)


def resume(ticket: Ticket, *, by: Viewer, reason: str, now: dt.datetime) -> None:
    """Let paused clocks run again."""
    for promise in _open(ticket, Kind):
        if promise.state == Promise.State.PAUSED:
            _note(promise, FactKind.RESUMED, by=by, now=now, reason=reason)


def finish(ticket: Ticket, *, by: Viewer, solved: bool, now: dt.datetime) -> None:
    """The ticket is solved: the solution is met, and nothing else is owed any more."""
    for promise in _open(ticket, Kind):
        met = solved and promise.kind == Kind.RESOLUTION
        if promise.state == Promise.State.PAUSED:
            _note(promise, FactKind.RESUMED, by=by, now=now, reason="solved")
        end = FactKind.MET if met else FactKind.CANCELLED
        _note(promise, end, by=by, now=now, reason="solved")
        if met:
            _event(ticket, promise, "promise.met", by=by, at=now)


def regrade(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Severity changed: open clocks take the new target.

    A stricter target counts from now, and never ends later than the one before; a looser one
    counts from when the clock started. What was promised before stays in the ledger. A
    severity that promises no next update ends that clock; one that does starts it once a
    first answer is there. While we wait for the customer, what may be paused is. An update a
    person promised stays, unless the new severity promises one sooner.
    """
    targets = ticket.organization.entitlements.targets[ticket.severity]
    wanted = {
        Kind.RESPONSE: targets.response,
        Kind.RESOLUTION: targets.resolution,
        Kind.UPDATE: targets.next_update,
    }
    open_kinds = set()
    for promise in _open(ticket, Kind):
        open_kinds.add(Kind(promise.kind))
        if promise.promised_by_name:
            _hasten(promise, ticket, by=by, now=now)
            continue
        target = wanted[Kind(promise.kind)]
        if promise.state == Promise.State.PAUSED and not _pausable(promise, ticket):
            _note(promise, FactKind.RESUMED, by=by, now=now, reason="severity changed")
        if target is None:
            _note(promise, FactKind.CANCELLED, by=by, now=now, reason="severity changed")
        elif target != promise.target_seconds:
            _note(
                promise,
                FactKind.RETARGETED,
                by=by,
                now=now,
                reason="severity changed",
                target_seconds=_fair_target(promise, target, now=now),
                policy=_policy(ticket, Kind(promise.kind)),
            )
    reason = "severity changed"
    if not open_kinds & {Kind.RESPONSE, Kind.UPDATE}:
        _give(ticket, Kind.UPDATE, by=by, now=now, reason=reason)
    if Kind.RESOLUTION not in open_kinds:
        _give(ticket, Kind.RESOLUTION, by=by, now=now, reason=reason)
    if ticket.state == State.WAITING:
        pause(ticket, by=by, reason="waiting on customer", now=now)


@transaction.atomic
def ran_out(promise: Promise, *, now: dt.datetime) -> bool:
    """Look at a promise whose deadline came; True when it is broken and still owed.

    The breach is dated to the instant the time ran out, not to this look at it. A broken
    promise has no further deadline, so the engine hears True once, also when the breach was
    put on record by something else that happened to the ticket.
    """
    Ticket.objects.select_for_update(of=("self",)).get(pk=promise.ticket_id)
    promise.refresh_from_db(from_queryset=Promise.objects.select_for_update())
    if not promise.is_open:
        return False
    if promise.state == Promise.State.RUNNING and promise.breached_at is None:
        clock = ledger.clock(promise)
        _keep(promise, clock.at(max(now, clock.as_of)))
    if promise.breached_at is None:
        return False
    agenda.strike(subject=f"promise/{promise.pk}", kind=DEADLINE, now=now)
    return True


def _open(ticket: Ticket, kinds: Iterable[Kind]) -> list[Promise]:
    return list(
        Promise.objects.filter(
            ticket=ticket,
            kind__in=list(kinds),
            state__in=[Promise.State.RUNNING, Promise.State.PAUSED],
        ).select_for_update()
    )


def _pausable(promise: Promise, ticket: Ticket) -> bool:
    if promise.promised_by_name:
        return False
    return promise.kind != Kind.RESPONSE and ticket.severity != Severity.URGENT


def _hasten(promise: Promise, ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Draw in an update a person promised, if the severity now promises one sooner."""
    due_at = next_update_due(ticket, now)
    if due_at is None or promise.due_at is None or due_at >= promise.due_at:
        return
    _note(
        promise,
        FactKind.RETARGETED,
        by=by,
        now=now,
        reason="severity changed",
        target_seconds=max(1, int((due_at - promise.started_at).total_seconds())),
        policy=_policy(ticket, Kind.UPDATE),
    )


def _fair_target(promise: Promise, target: int, *, now: dt.datetime) -> int:
    if target > promise.target_seconds:
        return target
    clock = ledger.clock(promise)
    elapsed = clock.at(max(now, clock.as_of)).elapsed_seconds
    return min(promise.target_seconds, round(elapsed) + target)


def _policy(ticket: Ticket, kind: Kind) -> str:
    plan = ticket.organization.entitlements
    return f"{plan.key}.{plan.version}/{ticket.severity}/{kind}"


def _give(ticket: Ticket, kind: Kind, *, by: Viewer, now: dt.datetime, reason: str) -> None:
    plan = ticket.organization.entitlements
    targets = plan.targets[ticket.severity]
    target = {
        Kind.RESPONSE: targets.response,
        Kind.RESOLUTION: targets.resolution,
        Kind.UPDATE: targets.next_update,
    }[kind]
    if target is None:
        return
    promise = Promise(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=kind,
        cycle=ticket.cycle,
        policy=_policy(ticket, kind),
        calendar=plan.calendar,
        target_seconds=target,
        started_at=now,
    )
    _start(promise, by=by, reason=reason)


def _give_update_by(ticket: Ticket, until: dt.datetime, *, by: Viewer, now: dt.datetime) -> None:
    """Promise an update by that very instant on the wall: never paused, of no calendar."""
    promise = Promise(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=Kind.UPDATE,
        cycle=ticket.cycle,
        policy=_policy(ticket, Kind.UPDATE),
        calendar="around-the-clock",
        target_seconds=max(1, math.ceil((until - now).total_seconds())),
        started_at=now,
        promised_by_name=by.name,
    )
    _start(promise, by=by, reason="promised in a reply", until=until)


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
        target_seconds=promise.target_seconds,
        until=until,
    )
    _keep(promise, ledger.clock(promise, [ledger.row_of(first)]))
    first.promise = promise
    first.save()


def _note(
    promise: Promise,
    kind: FactKind,
    *,
    by: Viewer,
    now: dt.datetime,
    reason: str = "",
    target_seconds: int | None = None,
    policy: str = "",
) -> None:
    """Append a fact and take over the state that follows from all of them.

    Two transactions may reach a clock in the other order than they read the time, so a fact
    is never dated before the one it follows. A time that ran out unnoticed is put on record
    first, under the policy it ran out under.
    """
    clock = ledger.clock(promise)
    at = max(now, clock.as_of)
    if promise.breached_at is None and clock.at(at).breached_at is not None:
        _keep(promise, clock.at(at))
    PromiseFact.objects.create(
        organization_id=promise.organization_id,
        promise=promise,
        kind=kind,
        at=at,
        actor=by.user,
        actor_name=by.name,
        reason=reason,
        policy=policy or promise.policy,
        target_seconds=target_seconds,
    )
    if policy:
        promise.policy = policy
    _keep(promise, ledger.clock(promise))


def _keep(promise: Promise, clock: Clock) -> None:
    """Write the clock's state on the promise, and its next deadline into the agenda."""
    broken_at = clock.breached_at if promise.breached_at is None else None
    promise.state = Promise.State(clock.state.value)
    promise.target_seconds = clock.terms.target_seconds
    promise.due_at = clock.due_at
    promise.met_at = clock.met_at
    promise.breached_at = clock.breached_at
    promise.remaining_seconds = (
        clock.remaining(clock.as_of) if promise.state == Promise.State.PAUSED else None
    )
    promise.save()
    if broken_at is not None:
        PromiseFact.objects.create(
            organization_id=promise.organization_id,
            promise=promise,
            kind=FactKind.BREACHED,
            at=broken_at,
            reason="time ran out",
            policy=promise.policy,
        )
        _event(promise.ticket, promise, "promise.broken", by=SYSTEM, at=broken_at)
    subject = f"promise/{promise.pk}"
    if promise.is_open and clock.breached_at is not None:
        return  # the deadline stays until the engine has rung somebody about the breach
    agenda.strike(subject=subject, kind=DEADLINE, now=clock.as_of)
    if promise.state == Promise.State.RUNNING and clock.due_at:
        agenda.schedule(
            kind=DEADLINE,
            # Struck and set again under the ticket's lock, perhaps twice in one instant for
            # the same due time: a key made of these would bring back nothing.
            key=f"{subject}:{uuid.uuid4()}",
            due_at=clock.due_at + dt.timedelta(milliseconds=1),
            subject=subject,
            organization_id=promise.organization_id,
            promise=promise.pk,
        )


def _event(ticket: Ticket, promise: Promise, verb: str, *, by: Viewer, at: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=at,
        organization_id=ticket.organization_id,
        promise=promise.pk,
        kind=promise.kind,
        kept=promise.kept,
    )
