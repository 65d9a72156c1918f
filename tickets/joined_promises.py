"""What two tickets that become one still owe the customer: of each kind, the stricter.

Whoever calls these holds the locks of both tickets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from functools import partial

from accounts.viewer import Viewer
from tickets import ledger, level_budgets, policies, promise_ledger, restored_promises
from tickets.calendars import calendar_of
from tickets.models import Entry, Join, Promise, Ticket
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity
from tickets.policy_versions import policy_version
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
            _end(promise, by=by, now=now, reason="joined")
            continue
        if other is not None:
            _end(other, by=by, now=now, reason="joined")
        _move(promise, kept, now=now)
    return {
        "kept": sorted(promise.pk for promise in ours.values()),
        "joined": sorted(promise.pk for promise in theirs.values()),
    }


def give_back(
    ticket: Ticket,
    owed: Iterable[int],
    *,
    since: dt.datetime,
    lent_to: Ticket,
    waits_for: Collection[PauseReason],
    answered_at: dt.datetime | None,
    by: Viewer,
    now: dt.datetime,
) -> None:
    """Owe again what the ticket owed before it was joined at `since`, by the wording it had then.

    A promise that is still open on `lent_to` comes back; one that has gone back to another
    ticket, which had lent it, stays there. What the join ended is open again, as if there had
    been no join, and what ended in another way starts again in a new row with the ledger it had:
    due no later than it would have been. `waits_for` is what the ticket waits for still, as it
    did then. `answered_at` is when one of us last wrote since: a first answer is then given, and
    the next update counts from there.
    """
    here = (ticket.pk, lent_to.pk)
    found = Promise.objects.filter(pk__in=list(owed), ticket__in=here).order_by("id")
    before = list(ledger.with_rows(found.select_related("policy_version__policy")))
    for promise in before:
        if promise.is_open and promise.ticket_id != ticket.pk:
            _move(promise, ticket, now=now)
    open_kinds = {promise.kind for promise in open_of(ticket, Kind)}
    restore = partial(
        restored_promises.restore, since=since, waits_for=waits_for, by=by, now=now, reason="split"
    )
    for promise in before:
        if promise.is_open:
            if _was_reworded(ticket, promise, since):
                restore(promise)
            continue
        if promise.ticket_id == ticket.pk and promise.cycle != ticket.cycle:
            continue  # it was solved and reopened meanwhile, with promises of its own
        if promise.kind in open_kinds or (promise.kind != Kind.RESOLUTION and answered_at):
            continue
        if _was_ended_by_join(promise):
            _move(promise, ticket, now=now)
            restore(promise)
        else:
            restored_promises.begin_again(
                promise, ticket, before=since, by=by, now=now, reason="split"
            )
        open_kinds.add(promise.kind)
    if answered_at and not open_kinds & {Kind.RESPONSE, Kind.UPDATE}:
        version = policies.pinned(ticket, ticket.severity)
        promise_ledger.give(ticket, [Kind.UPDATE], version, by=by, now=answered_at, reason="split")
    _notice(ticket, now=now)


def _notice(ticket: Ticket, *, now: dt.datetime) -> None:
    for promise in open_of(ticket, Kind):
        promise_ledger.notice(promise, now=now)


def end_what_only_the_join_promised(kept: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """End what was given for a severity that was never the ticket's own.

    What a part of it lent stays, and so does an update somebody promised by name.
    """
    parts = Join.objects.filter(kept=kept, declined=False, ended_at=None)
    lent = {pk for owed in parts.values_list("open_before", flat=True) for pk in owed["joined"]}
    for promise in open_of(kept, Kind):
        given_for = promise.policy_version.policy.severity
        if given_for == kept.severity or promise.pk in lent or promise.promised_by_name:
            continue
        if promise.kind == Kind.UPDATE or ledger.rows(promise)[0].reason == "severity changed":
            _end(promise, by=by, now=now, reason="split")


def are_below_severity(ticket: Ticket) -> bool:
    """Whether it owes anything by the wording of a lower severity than it came to have since."""
    rank = Severity(ticket.severity).rank
    given_for = (one.policy_version.policy.severity for one in open_of(ticket, Kind))
    return any(Severity(severity).rank > rank for severity in given_for)


def _was_reworded(ticket: Ticket, promise: Promise, since: dt.datetime) -> bool:
    """Whether it was under a wording of the ticket's present severity until then, and is not now.

    What has been broken since stays on record as it is.
    """
    if promise.breached_at is not None and promise.breached_at >= since:
        return False
    noted = ledger.rows(promise)
    standing = ledger.before(noted, since)
    version = policy_version(standing[-1].version_id)
    return version.policy.severity == ticket.severity and any(
        row.kind is FactKind.RETARGETED for row in noted[len(standing) :]
    )


def _was_ended_by_join(promise: Promise) -> bool:
    last = ledger.rows(promise)[-1]
    return last.kind is FactKind.CANCELLED and last.reason == "joined"


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


def _end(promise: Promise, *, by: Viewer, now: dt.datetime, reason: str) -> None:
    if promise.state == Promise.State.PAUSED:
        note(promise, FactKind.RESUMED, by=by, now=now, reason=reason)
    note(promise, FactKind.CANCELLED, by=by, now=now, reason=reason)


def _move(promise: Promise, ticket: Ticket, *, now: dt.datetime) -> None:
    promise.ticket, promise.cycle = ticket, ticket.cycle
    promise.save(update_fields=["ticket", "cycle"])
    level_budgets.ask(promise, now=now)  # another ticket, perhaps with another holder
