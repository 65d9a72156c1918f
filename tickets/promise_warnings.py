"""Warn while there still is time: at the shares of a promise's time that its policy names."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from accounts import agenda, events
from accounts.models import Event
from accounts.viewer import SYSTEM
from tickets import ledger
from tickets.models import Promise, Ticket
from tickets.sla.clock import Clock

WARN: Final = "promise.warn"


def put_down(promise: Promise, clock: Clock, *, after: float = 0.0) -> None:
    """Have the next warning given when its share is used up; the caller has struck the one before.

    Only the next one is put down, the first beyond `after` and what is used up already.
    """
    if promise.state != Promise.State.RUNNING or promise.breached_at is not None:
        return
    used = max(after, clock.fraction_used(clock.as_of))
    shares = promise.policy_version.warnings_of(promise.kind)
    share = next((share for share in shares if share > used), None)
    at = clock.reaches(share) if share is not None else None
    if at is None:
        return
    subject = f"promise/{promise.pk}"
    agenda.schedule(
        kind=WARN,
        key=f"{subject}:warn:{uuid.uuid4()}",
        due_at=at,
        subject=subject,
        organization_id=promise.organization_id,
        promise=promise.pk,
        share=share,
    )


def warn(ticket: Ticket, promise: Promise, *, share: float, now: dt.datetime) -> Event | None:
    """Put on record that the people responsible are warned, and plan the warning after it.

    The caller holds the locks. Customers do not see the event. None, and nothing recorded,
    when the clock no longer runs towards a due time or has more time again than that.
    """
    if promise.state != Promise.State.RUNNING or promise.breached_at is not None:
        return None
    clock = ledger.clock(promise)
    clock = clock.at(max(now, clock.as_of))
    if clock.breached_at is not None or clock.fraction_used(clock.as_of) < share:
        return None
    agenda.strike(subject=f"promise/{promise.pk}", kind=WARN, now=clock.as_of)
    put_down(promise, clock, after=share)
    return events.record(
        verb="promise.warned",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        promise=promise.pk,
        kind=promise.kind,
        share=share,
    )
