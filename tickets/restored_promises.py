"""What a clock was before an instant is given back: a join was a mistake, and is split again.

The ledger is only added to: a `restored` fact takes back what was noted since, and
`tickets.ledger.rows` leaves that out. The caller holds the ticket's lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from accounts.viewer import Viewer
from tickets import ledger, level_budgets, promise_ledger
from tickets.models import Promise, Ticket
from tickets.models.promise import PauseReason
from tickets.policy_versions import calendar_version, policy_version
from tickets.sla.clock import ClockState
from tickets.sla.facts import FactKind


def restore(
    promise: Promise,
    *,
    since: dt.datetime,
    waits_for: Collection[PauseReason],
    by: Viewer,
    now: dt.datetime,
    reason: str,
) -> None:
    """Take back what was noted since that instant: the clock is under the wording it was under
    then, and open if it was.

    If it stood still then for one of `waits_for`, it has ever since; else what it waited since
    then counts as it was noted.
    """
    noted = ledger.rows(promise)
    standing = ledger.before(noted, since)
    waited_for = _waited_for(promise, standing)
    _take_wording(promise, standing)
    promise_ledger.append(promise, FactKind.RESTORED, by=by, now=now, reason=reason, until=since)
    if waited_for not in waits_for:
        is_paused = bool(waited_for)
        for row in noted[len(standing) :]:
            if row.kind is (FactKind.RESUMED if is_paused else FactKind.PAUSED):
                promise_ledger.append(promise, row.kind, by=by, now=row.at, reason=row.reason)
                is_paused = not is_paused
    _stand(promise, now=now)


def begin_again(
    promise: Promise,
    ticket: Ticket,
    *,
    before: dt.datetime,
    by: Viewer,
    now: dt.datetime,
    reason: str,
) -> None:
    """Owe the ticket anew what the promise owed before that instant, as its ledger had it then."""
    standing = ledger.before(ledger.rows(promise), before)
    first = standing[0]
    again = Promise(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=promise.kind,
        cycle=ticket.cycle,
        target_seconds=first.target_seconds or promise.target_seconds,
        started_at=first.at,
        promised_by_name=promise.promised_by_name,
    )
    _take_wording(again, [first])
    promise_ledger.begin([again], by=by, reason=reason, until=first.until)
    for count, row in enumerate(standing[1:], start=2):
        if row.kind is FactKind.BREACHED:
            continue  # it follows from the others
        _take_wording(again, standing[:count])
        is_timed = row.calendar_id is not None
        promise_ledger.append(
            again,
            row.kind,
            by=by,
            now=row.at,
            reason=row.reason,
            target_seconds=row.target_seconds,
            calendar_version=again.calendar_version if is_timed else None,
        )
    _stand(again, now=now)


def _take_wording(promise: Promise, standing: Sequence[ledger.Row]) -> None:
    """Put the promise under the wording in force after these rows; not saved yet."""
    last = standing[-1]
    calendar_id = [row.calendar_id for row in standing if row.calendar_id is not None][-1]
    promise.policy, promise.policy_version = last.policy, policy_version(last.version_id)
    promise.calendar_version = calendar_version(calendar_id)


def _waited_for(promise: Promise, standing: Sequence[ledger.Row]) -> str:
    """What the clock stood still for after these rows; empty if it ran."""
    if ledger.clock(promise, standing).state is not ClockState.PAUSED:
        return ""
    return [row.reason for row in standing if row.kind is FactKind.PAUSED][-1]


def _stand(promise: Promise, *, now: dt.datetime) -> None:
    """Take over the state that follows from a ledger of which more than the end is new."""
    promise.paused_for = _waited_for(promise, ledger.rows(promise))
    clock = ledger.clock(promise)
    if promise.breached_at is not None:  # on record already, perhaps since the last fact
        clock = clock.at(max(now, clock.as_of))
    promise_ledger.keep(promise, clock)
    level_budgets.ask(promise, now=now)
