"""What two tickets that become one still owe the customer: of each kind, the stricter.

Whoever calls these holds the locks of both tickets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from accounts.viewer import Viewer
from tickets import level_budgets, policies, promise_ledger
from tickets.calendars import calendar_of
from tickets.models import Entry, Promise, Ticket
from tickets.promise_ledger import note, open_of
from tickets.sla.facts import FactKind

Kind = Promise.Kind


def take_over(
    kept: Ticket, joined: Ticket, *, by: Viewer, now: dt.datetime
) -> dict[str, list[int]]:
    """Leave on `kept`, of each kind, the promise that runs out first; the other ends.

    Returns the keys of the promises that were open before, of "kept" and of "joined". What is
    broken stays on record where it is.
    """
    ours = {promise.kind: promise for promise in open_of(kept, Kind)}
    theirs = {promise.kind: promise for promise in open_of(joined, Kind)}
    for kind, promise in theirs.items():
        other = ours.get(kind)
        if other is not None and _runs_out(other, now) <= _runs_out(promise, now):
            _end(promise, by=by, now=now)
            continue
        if other is not None:
            _end(other, by=by, now=now)
        _move(promise, kept, now=now)
    return {
        "kept": sorted(promise.pk for promise in ours.values()),
        "joined": sorted(promise.pk for promise in theirs.values()),
    }


def give_back(
    ticket: Ticket,
    owed: Iterable[int],
    *,
    lent_to: Ticket,
    answered_at: dt.datetime | None,
    by: Viewer,
    now: dt.datetime,
) -> None:
    """Owe again what the ticket owed before it was joined, counted from when it was promised.

    A promise that is still open on `lent_to` comes back; one that has gone back to another
    ticket, which had lent it, stays there; one that ended meanwhile starts again in a new row
    with the old start, so that it is due no later than it would have been. `answered_at` is
    when one of us last wrote since: a first answer is then given, and the next update counts
    from there.
    """
    here = (ticket.pk, lent_to.pk)
    before = Promise.objects.filter(pk__in=list(owed), ticket__in=here)
    before = before.select_related("policy_version__policy")
    for promise in before.order_by("id"):
        if promise.is_open and promise.ticket_id != ticket.pk:
            _move(promise, ticket, now=now)
    open_kinds = {promise.kind for promise in open_of(ticket, Kind)}
    for promise in before.order_by("id"):
        if promise.ticket_id == ticket.pk and promise.cycle != ticket.cycle:
            continue  # it was solved and reopened meanwhile, with promises of its own
        if promise.kind not in open_kinds and not (promise.kind != Kind.RESOLUTION and answered_at):
            _start_again(promise, ticket, by=by)
            open_kinds.add(promise.kind)
    if answered_at and not open_kinds & {Kind.RESPONSE, Kind.UPDATE}:
        version = policies.pinned(ticket, ticket.severity)
        promise_ledger.give(ticket, [Kind.UPDATE], version, by=by, now=answered_at, reason="split")
    for promise in open_of(ticket, Kind):
        promise_ledger.notice(promise, now=now)


def _start_again(promise: Promise, ticket: Ticket, *, by: Viewer) -> None:
    since, version = promise.started_at, promise.policy_version
    first = promise.facts.order_by("id").first()
    if first is None or first.until is None:
        promise_ledger.give(ticket, [promise.kind], version, by=by, now=since, reason="split")
        return
    promise_ledger.give_update_by(ticket, first.until, version, by=by, now=since)
    again = Promise.objects.filter(ticket=ticket, kind=Kind.UPDATE, state=Promise.State.RUNNING)
    again.update(promised_by_name=promise.promised_by_name)  # whose word it was


def last_answer(ticket: Ticket, since: dt.datetime) -> dt.datetime | None:
    """When one of us last wrote to the customer in this ticket since that instant."""
    answers = Entry.objects.filter(
        ticket=ticket, kind=Entry.Kind.REPLY, by_staff=True, at__gte=since
    )
    return answers.order_by("-at").values_list("at", flat=True).first()


def _runs_out(promise: Promise, now: dt.datetime) -> dt.datetime:
    """When it is due; one that is paused, as if it ran again at once."""
    if promise.breached_at is not None:
        return promise.breached_at
    if promise.due_at is not None:
        return promise.due_at
    left = max(0.0, promise.remaining_seconds or 0.0)
    return calendar_of(promise.calendar_version).add(now, left)


def _end(promise: Promise, *, by: Viewer, now: dt.datetime) -> None:
    if promise.state == Promise.State.PAUSED:
        note(promise, FactKind.RESUMED, by=by, now=now, reason="joined")
    note(promise, FactKind.CANCELLED, by=by, now=now, reason="joined")


def _move(promise: Promise, ticket: Ticket, *, now: dt.datetime) -> None:
    promise.ticket, promise.cycle = ticket, ticket.cycle
    promise.save(update_fields=["ticket", "cycle"])
    level_budgets.ask(promise, now=now)  # another ticket, perhaps with another holder
