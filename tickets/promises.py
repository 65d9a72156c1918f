"""Give promises, and write down what happens to them when something happens to the ticket.

What is promised stands in the policy the ticket is pinned to (`tickets.policies`), the ledger
of each clock in `tickets.promise_ledger`. Whoever calls these holds the ticket's lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from accounts import agenda
from accounts.viewer import Viewer
from tickets import ledger, policies, promise_ledger
from tickets.calendars import calendar_of
from tickets.models import AgreedDate, CalendarVersion, Entry, PolicyVersion, Promise, Ticket
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity, State
from tickets.promise_ledger import note, open_of, record_event
from tickets.sla import regrading
from tickets.sla.clock import Terms
from tickets.sla.facts import FactKind

Kind = Promise.Kind

DEADLINE = promise_ledger.DUE
AGREED_DATE_DUE: Final = "date.reached"


def start(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Promise a first answer and a solution, as the plan says for this severity."""
    if ticket.cycle == 1:
        version, reason = policies.for_opening(ticket), "opened"
    else:
        version, reason = policies.pinned(ticket, ticket.severity), "reopened"
    kinds = (Kind.RESPONSE, Kind.RESOLUTION)
    promise_ledger.give(ticket, kinds, version, by=by, now=now, reason=reason)


def written(
    ticket: Ticket,
    *,
    by: Viewer,
    before: str,
    now: dt.datetime,
    next_update_at: dt.datetime | None = None,
) -> None:
    """Somebody wrote to the other side, and the ticket's state already follows from it.

    By a person of staff the answer is given, and the next update is promised: by
    `next_update_at` if they named the instant themselves, else as the plan says. A customer
    ends the waiting for an agreed date. Then the clocks wait for what there is to wait for; where
    a customer writes and nothing was waited for (`before` is the state it was in), none moves.
    """
    agreed = _agreed(ticket)
    if not by.is_person_of_staff and agreed is None and before != State.WAITING:
        return
    clocks = open_of(ticket, Kind)
    if by.is_person_of_staff:
        clocks = _answered(ticket, clocks, by=by, now=now, next_update_at=next_update_at)
    elif agreed is not None:
        _end(ticket, agreed, AgreedDate.Ending.WRITTEN, now=now)
        agreed = None
    _weigh(ticket, clocks, agreed, by=by, now=now)


def _answered(
    ticket: Ticket,
    clocks: list[Promise],
    *,
    by: Viewer,
    now: dt.datetime,
    next_update_at: dt.datetime | None,
) -> list[Promise]:
    """Keep what an answer keeps, and promise the next; the clocks that are open then."""
    of_now = [one.policy_version for one in clocks]
    kept = [one for one in clocks if one.kind in (Kind.RESPONSE, Kind.UPDATE)]
    for promise in kept:
        note(promise, FactKind.MET, by=by, now=now, reason="answered")
        record_event(promise, "promise.met", by=by, at=now)
    clocks = [one for one in clocks if one not in kept]
    if not ticket.is_unsolved:
        return clocks
    version = next((one for one in of_now if one.policy.severity == ticket.severity), None)
    version = version or policies.pinned(ticket, ticket.severity)
    if next_update_at is not None:
        return clocks + promise_ledger.give_update_by(
            ticket, next_update_at, version, by=by, now=now
        )
    return clocks + promise_ledger.give(
        ticket, [Kind.UPDATE], version, by=by, now=now, reason="answered"
    )


def owes_answer(ticket: Ticket) -> bool:
    """Whether the customer still waits for a person's first answer in this cycle."""
    return Promise.objects.open().filter(ticket=ticket, kind=Kind.RESPONSE).exists()


def weigh_pauses(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Stop and start the clocks as the ticket's policy wants it, given what it waits for.

    It waits for the customer while it is in that state, and for a date while one is agreed.
    A clock stops for the reasons its own policy names and for no other.
    """
    _weigh(ticket, open_of(ticket, Kind), _agreed(ticket), by=by, now=now)


def _weigh(
    ticket: Ticket,
    clocks: list[Promise],
    agreed: AgreedDate | None,
    *,
    by: Viewer,
    now: dt.datetime,
) -> None:
    """`clocks` are all that are open, `agreed` is the date that still is."""
    waited_for = _waits_for(ticket, agreed)
    for promise in clocks:
        reasons = waited_for & promise_ledger.pauses_of(promise)
        reason = _weightiest(reasons)
        if reason is None and promise.state == Promise.State.PAUSED:
            note(promise, FactKind.RESUMED, by=by, now=now, reason="no longer waiting")
        elif reason is not None:
            _pause(promise, reason, agreed, by=by, now=now)


def waits_for(ticket: Ticket) -> set[PauseReason]:
    """What the ticket waits for just now."""
    return _waits_for(ticket, _agreed(ticket))


def _waits_for(ticket: Ticket, agreed: AgreedDate | None) -> set[PauseReason]:
    reasons = set()
    if ticket.state == State.WAITING:
        reasons.add(PauseReason.CUSTOMER)
    if agreed is not None:
        reasons.add(PauseReason.AGREED_DATE)
    return reasons


def _agreed(ticket: Ticket) -> AgreedDate | None:
    """The date that is agreed; once as it was read with the ticket, if it was."""
    brought = ticket.__dict__.pop("open_agreed_dates", None)
    if brought is not None:
        return next(iter(brought), None)
    return AgreedDate.objects.filter(ticket=ticket, ended_at=None).first()


def end_agreed_date(
    ticket: Ticket, ending: AgreedDate.Ending, *, now: dt.datetime
) -> AgreedDate | None:
    """Take note that nobody waits for the agreed date any more; None when none was agreed.

    The clocks are the caller's affair: see `weigh_pauses`.
    """
    agreed = _agreed(ticket)
    if agreed is not None:
        _end(ticket, agreed, ending, now=now)
    return agreed


def agree_again(ticket: Ticket, *, ended_at: dt.datetime, now: dt.datetime) -> AgreedDate | None:
    """Wait again for the date that was ended at that instant, unless the customer has written
    since, which ends the waiting; None if there is nothing to wait for.
    """
    written = Entry.objects.filter(
        ticket=ticket, kind=Entry.Kind.REPLY, by_staff=False, at__gt=ended_at
    )
    rows = AgreedDate.objects.filter(
        ticket=ticket, ending=AgreedDate.Ending.ENDED, ended_at=ended_at
    )
    agreed = rows.last()
    if agreed is None or written.exists() or _agreed(ticket) is not None:
        return None
    rows.filter(pk=agreed.pk).update(ended_at=None, ending="")
    plan_date(ticket, agreed, key=f"agreed:{agreed.pk}:{now.isoformat()}")
    return agreed


def plan_date(ticket: Ticket, agreed: AgreedDate, *, key: str) -> None:
    """Have the engine look when the agreed date has come."""
    agenda.schedule(
        kind=AGREED_DATE_DUE,
        key=key,
        due_at=agreed.until,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        agreed=agreed.pk,
    )


def _end(
    ticket: Ticket, agreed: AgreedDate, ending: AgreedDate.Ending, *, now: dt.datetime
) -> None:
    AgreedDate.objects.filter(pk=agreed.pk).update(ended_at=now, ending=ending)
    agenda.strike(subject=ticket.event_subject, kind=AGREED_DATE_DUE, now=now)


def finish(ticket: Ticket, *, by: Viewer, solved: bool, now: dt.datetime) -> None:
    """The ticket is solved: the solution is met, and nothing else is owed any more."""
    end_agreed_date(ticket, AgreedDate.Ending.SOLVED, now=now)
    for promise in open_of(ticket, Kind):
        met = solved and promise.kind == Kind.RESOLUTION
        if promise.state == Promise.State.PAUSED:
            note(promise, FactKind.RESUMED, by=by, now=now, reason="solved")
        end = FactKind.MET if met else FactKind.CANCELLED
        note(promise, end, by=by, now=now, reason="solved")
        if met:
            record_event(promise, "promise.met", by=by, at=now)


def regrade(ticket: Ticket, *, by: Viewer, now: dt.datetime, consented: bool) -> None:
    """Severity changed: open clocks take the wording that goes with the new one.

    A stricter target counts from now, and never ends later than the one before; a looser one
    counts from when the clock started. What was promised before stays in the ledger. Nothing
    ends later, or unkept, unless the customer `consented` to a lower severity: else a clock
    keeps its wording. A severity that promises next updates starts that clock once a first
    answer is there. Clocks then wait for what their wording lets them wait for. An update a
    person promised stays, unless the new severity promises one sooner.
    """
    version = policies.pinned(ticket, ticket.severity)
    open_kinds = set()
    for promise in open_of(ticket, Kind):
        open_kinds.add(Kind(promise.kind))
        if promise.promised_by_name:
            _hasten(promise, version, by=by, now=now)
            continue
        if _keeps_wording(promise, version, consented=consented):
            promise_ledger.notice(promise, now=now)
            continue
        if promise.state == Promise.State.PAUSED and _runs_under(promise, version):
            note(promise, FactKind.RESUMED, by=by, now=now, reason="severity changed")
        if version.target_seconds(promise.kind) is None:
            note(promise, FactKind.CANCELLED, by=by, now=now, reason="severity changed")
        else:
            target, calendar_version = _fair_terms(promise, version, now=now)
            promise_ledger.retarget(
                promise,
                version,
                target_seconds=target,
                calendar_version=calendar_version,
                by=by,
                now=now,
                reason="severity changed",
            )
    if not open_kinds & {Kind.RESPONSE, Kind.UPDATE}:
        promise_ledger.give(
            ticket, [Kind.UPDATE], version, by=by, now=now, reason="severity changed"
        )
    if Kind.RESOLUTION not in open_kinds:
        promise_ledger.give(
            ticket, [Kind.RESOLUTION], version, by=by, now=now, reason="severity changed"
        )
    if not version.may_wait_for(PauseReason.AGREED_DATE):
        end_agreed_date(ticket, AgreedDate.Ending.ENDED, now=now)
    weigh_pauses(ticket, by=by, now=now)


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
        promise_ledger.notice(promise, now=now)
    if promise.breached_at is None:
        return False
    agenda.strike(subject=f"promise/{promise.pk}", kind=DEADLINE, now=now)
    return True


def hear_again(broken: Iterable[Promise], *, now: dt.datetime) -> None:
    """Have the engine tell of broken promises as if their time ran out now."""
    for promise in broken:
        promise_ledger.plan_due(promise, now)


def _hasten(promise: Promise, version: PolicyVersion, *, by: Viewer, now: dt.datetime) -> None:
    """Draw in an update a person promised, if the severity now promises one sooner."""
    if version.update_seconds is None or promise.due_at is None:
        return
    due_at = calendar_of(version.calendar_version).add(now, version.update_seconds)
    if due_at >= promise.due_at:
        return
    promise_ledger.retarget(
        promise,
        version,
        target_seconds=max(1, int((due_at - promise.started_at).total_seconds())),
        calendar_version=promise.calendar_version,
        by=by,
        now=now,
        reason="severity changed",
    )


def _weightiest(reasons: set[PauseReason]) -> PauseReason | None:
    """Of several reasons the one to name: what the customer can end by an answer."""
    return next((reason for reason in PauseReason if reason in reasons), None)


def _pause(
    promise: Promise,
    reason: PauseReason,
    agreed: AgreedDate | None,
    *,
    by: Viewer,
    now: dt.datetime,
) -> None:
    """Stop the clock. One that stands for another reason is told of both, one after the other."""
    if promise.state == Promise.State.PAUSED and promise.paused_for != reason:
        note(promise, FactKind.RESUMED, by=by, now=now, reason="no longer waiting")
    # A breach put on record keeps the row as its ledger has it so far, without this pause.
    promise_ledger.notice(promise, now=now)
    promise.paused_for = reason
    for_date = agreed if reason == PauseReason.AGREED_DATE else None
    promise.paused_until = for_date.until if for_date else None
    if promise.state == Promise.State.RUNNING:
        note(promise, FactKind.PAUSED, by=by, now=now, reason=str(reason))
    else:
        promise.save(update_fields=["paused_for", "paused_until"])


def _runs_under(promise: Promise, version: PolicyVersion) -> bool:
    """Whether what the clock waits for, if that is known, is nothing to wait for there."""
    return promise.paused_for not in version.pauses_of(promise.kind)


def _lowers(promise: Promise, version: PolicyVersion) -> bool:
    """Whether that wording is of a lower severity than the one the clock is under."""
    before = Severity(promise.policy_version.policy.severity)
    return Severity(version.policy.severity).rank > before.rank


def _keeps_wording(promise: Promise, version: PolicyVersion, *, consented: bool) -> bool:
    """Whether an open clock stays as it was promised, whatever the ticket's severity is now.

    A lower severity takes it over with the customer's consent only, a higher one only if it
    promises anything of this kind. One that came from a ticket as severe has that wording.
    """
    if promise.policy_version_id == version.pk:
        return True
    if _lowers(promise, version):
        return not consented
    return version.target_seconds(promise.kind) is None


def _fair_terms(
    promise: Promise, version: PolicyVersion, *, now: dt.datetime
) -> tuple[int, CalendarVersion]:
    """The target and the calendar an open clock gets under another wording.

    A severity that went down was agreed to, and may end later than what was promised before.
    """
    clock = ledger.clock(promise)
    clock = clock.at(max(now, clock.as_of))
    wanted = Terms(
        target_seconds=version.target_seconds(promise.kind) or promise.target_seconds,
        calendar=calendar_of(version.calendar_version),
        pausable=clock.terms.pausable,
    )
    fair = regrading.fair_terms(clock, wanted, may_end_later=_lowers(promise, version))
    kept = fair is clock.terms
    return fair.target_seconds, promise.calendar_version if kept else version.calendar_version
