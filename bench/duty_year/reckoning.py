"""What the record of the year must show. Each answers how many it looked at, and what is wrong.

Whom a ladder may ring stands in `ladders_by_hand`, what a change of duty asks for in
`handovers_by_hand`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Final

from django.db.models import Q

from accounts.models import Deadline
from bench.duty_year.record import AT_MOST, Record
from tickets.models import Escalation, Promise
from tickets.models.ticket import Severity

RINGS: Final = (Severity.URGENT, Severity.IMPORTANT)
Found = tuple[int, list[str]]


def unrung_urgent(record: Record) -> Found:
    """Whatever became urgent, by opening, raising or reopening: somebody is rung in a minute."""
    count, found = 0, []
    for ticket, instants in record.urgent_at.items():
        for at in instants:
            count += 1
            if record.rings(ticket, at) or record.is_over(ticket, at, [Severity.URGENT]):
                continue
            found.append(f"{record.names[ticket]} urgent at {at}, nobody rung")
    return count, found


def unescalated(record: Record) -> Found:
    """Broken promises of grades that ring: rung within a minute, and in the end heard.

    Heard is an acknowledgement or an answer after the breach, a solution, or a ladder that
    still rings; or it is no longer of a grade that rings.
    """
    count, found = 0, []
    for promise in Promise.objects.filter(breached_at__isnull=False).order_by("pk"):
        at, ticket = promise.breached_at, promise.ticket_id
        if at is None or record.severity(ticket, at) not in RINGS:
            continue
        count += 1
        if promise.met_at and promise.met_at - at <= AT_MOST or record.is_over(ticket, at, RINGS):
            continue
        what = f"{record.names[ticket]}: {promise.kind} broken at {at}"
        if not record.rings(ticket, at):
            found.append(f"{what}, nobody rung")
        elif not _heard(record, ticket, at):
            found.append(f"{what}, rung and then forgotten")
    return count, found


def _heard(record: Record, ticket: int, at: dt.datetime) -> bool:
    ladders = record.ladders[ticket]
    return (
        any(one.acknowledged_at and one.acknowledged_at >= at for one in ladders)
        or any(one >= at for one in (*record.answers[ticket], *record.solved[ticket]))
        or any(s >= at and grade not in RINGS for s, grade in record.severities[ticket])
        or any(one.state == Escalation.State.RINGING for one in ladders)
    )


def unnoticed(until: dt.datetime) -> Found:
    """Promises whose time ran out: each was looked at within a minute, whatever its grade."""
    looked: dict[str, list[dt.datetime]] = defaultdict(list)
    rows = Deadline.objects.filter(kind="promise.due", settled_at__isnull=False)
    for subject, settled_at in rows.values_list("subject", "settled_at"):
        looked[subject].append(settled_at)
    count, found = 0, []
    ran_out = Q(breached_at__isnull=False) | Q(state=Promise.State.RUNNING)
    for promise in Promise.objects.filter(ran_out).order_by("pk"):
        at = promise.breached_at or promise.due_at
        if at is None or at > until - AT_MOST:
            continue
        count += 1
        ended = _ended(promise)
        if ended is not None and ended - at <= AT_MOST:
            continue
        if not any(at <= one <= at + AT_MOST for one in looked[f"promise/{promise.pk}"]):
            found.append(f"promise {promise.pk}, {promise.kind}, ran out at {at}, nobody looked")
    return count, found


def _ended(promise: Promise) -> dt.datetime | None:
    if promise.state != Promise.State.CANCELLED:
        return promise.met_at
    last = promise.facts.order_by("id").last()
    return last.at if last else None


def silent(record: Record, minutes: int) -> Found:
    """Urgent tickets somebody took: for so long nobody wrote, and nobody was rung again."""
    limit = dt.timedelta(minutes=minutes) + AT_MOST
    count, found = 0, []
    for ticket, ladders in record.ladders.items():
        for row in ladders:
            at = row.acknowledged_at
            if at is None or record.severity(ticket, at) != Severity.URGENT:
                continue
            count += 1
            until = at + limit
            signs = [*record.words[ticket], *(page.rung_at for page in record.pages[ticket])]
            signs += record.solved[ticket]
            signs += [s for s, grade in record.severities[ticket] if grade != Severity.URGENT]
            if not any(at <= one <= until for one in signs):
                found.append(f"{record.names[ticket]} taken at {at}, then silence")
    return count, found
