"""One side writes to the other, and what that does to state, owner and clocks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts import access, agenda, events
from accounts.viewer import Viewer
from tickets import (
    attachments,
    engine_requests,
    holdings,
    next_update,
    promises,
    submissions,
    texts,
    ticket_articles,
    transitions,
)
from tickets.lifecycle import entries, record, reopening
from tickets.models import Entry, Ticket
from tickets.models.ticket import Channel, State


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    by: Viewer,
    body: str,
    now: dt.datetime,
    channel: Channel = Channel.PORTAL,
    ask_customer: bool = False,
    attachment_ids: Sequence[uuid.UUID] = (),
    next_update_at: dt.datetime | None = None,
    folded: str = "",
    origin: Ticket | None = None,
    submission: uuid.UUID | None = None,
) -> Entry:
    """Write to the other side.

    A reply by a person of staff stops the response clock, restarts the next-update clock and
    takes the ticket if nobody has it. A reply by the customer wakes a waiting or resolved
    ticket, and ends the waiting for an agreed date. `ask_customer` (staff only) hands the
    ticket to the customer and pauses what may be paused. `next_update_at` (staff only)
    promises the next update by that instant, in place of what the plan says. Articles an
    engineer names are linked to the ticket; one the customer may not read is refused. `folded`
    is what a mail held beside what was newly written; `origin` the ticket it was written in, where
    that is part of this one. The same `submission` with the same text
    and files again changes nothing and gives the reply it wrote before.
    """
    ticket = record.locked(ticket)
    access.require(by, "ticket.reply", ticket.organization_id)
    kind = Entry.Kind.REPLY
    earlier = submissions.written_before(
        submission, ticket=ticket, by=by, kind=kind, body=body, attachment_ids=attachment_ids
    )
    if earlier is not None:
        return earlier
    before, after = ticket.state, transitions.next_state(ticket, _action(by, ask_customer))
    if next_update_at is not None:
        next_update.refuse_impossible(ticket, next_update_at, by=by, now=now)
    body = texts.clean_body(body)
    sends = ticket_articles.refuse_unreadable(ticket, body) if by.is_person_of_staff else []
    entry = entries.write(
        ticket,
        by=by,
        kind=kind,
        body=body,
        now=now,
        channel=channel,
        folded=folded,
        origin=origin,
        submission=submission,
    )
    attachments.claim(attachment_ids, by=by, entry=entry)
    if sends:
        ticket_articles.sent(ticket, sends, entry, by=by, now=now)
    with agenda.together():
        if before == State.RESOLVED and after == State.OPEN:
            reopening.wake(ticket, by=by, now=now)
        ticket.state = after
        if by.is_person_of_staff and ticket.owner_id is None:
            ticket.owner = by.user
            holdings.record(ticket, by.user, by, now)
        record.save(ticket, now=now)
        _move_clocks(ticket, entry, by=by, before=before, next_update_at=next_update_at, now=now)
        _tell(ticket, entry, by=by, before=before, next_update_at=next_update_at, now=now)
    return entry


def _action(by: Viewer, ask_customer: bool) -> str:
    if not by.is_person_of_staff:
        return "customer_reply"
    return "ask_customer" if ask_customer else "staff_reply"


def _move_clocks(
    ticket: Ticket,
    entry: Entry,
    *,
    by: Viewer,
    before: str,
    next_update_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    """Meet, stop and start the promises, and have the ladder know who wrote."""
    promises.written(ticket, by=by, before=before, now=now, next_update_at=next_update_at)
    if entry.by_staff:
        engine_requests.wrote(ticket, entry, now=now)
    if before == State.WAITING and ticket.state != State.WAITING:
        engine_requests.listen(ticket, now=now)


def _tell(
    ticket: Ticket,
    entry: Entry,
    *,
    by: Viewer,
    before: str,
    next_update_at: dt.datetime | None,
    now: dt.datetime,
) -> None:
    """Record the one event of a reply, and have those concerned told."""
    promised: dict[str, Any] = (
        {"next_update_at": next_update_at.isoformat()} if next_update_at else {}
    )
    event = events.record(
        verb="ticket.replied",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        entry=entry.pk,
        by_staff=entry.by_staff,
        before=before,
        after=str(ticket.state),
        **promised,
    )
    engine_requests.announce(ticket, event.pk, now=now)
