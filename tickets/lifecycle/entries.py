"""What people write in a ticket: the entry itself, and the note only we can read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts import access, events, rows
from accounts.viewer import Viewer
from tickets import attachments, engine_requests, submissions, texts, transitions
from tickets.lifecycle.record import locked
from tickets.models import Entry, Ticket
from tickets.models.follower import Follower
from tickets.models.ticket import Channel


@transaction.atomic
def add_note(
    *,
    ticket: Ticket,
    by: Viewer,
    body: str,
    now: dt.datetime,
    attachment_ids: Sequence[uuid.UUID] = (),
    channel: Channel = Channel.PORTAL,
    submission: uuid.UUID | None = None,
) -> Entry:
    """Write an internal note: no customer ever sees it, and no clock moves.

    The same `submission` with the same text and files again changes nothing and gives the note
    it wrote before.
    """
    ticket = locked(ticket)
    access.require(by, "ticket.note", ticket.organization_id)
    kind = Entry.Kind.NOTE
    earlier = submissions.written_before(
        submission, ticket=ticket, by=by, kind=kind, body=body, attachment_ids=attachment_ids
    )
    if earlier is not None:
        return earlier
    transitions.next_state(ticket, "note")
    body = texts.clean_body(body)
    entry = write(
        ticket, by=by, kind=kind, body=body, now=now, channel=channel, submission=submission
    )
    attachments.claim(attachment_ids, by=by, entry=entry)
    engine_requests.wrote(ticket, entry, now=now)
    events.record(
        verb="ticket.noted",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        entry=entry.pk,
    )
    return entry


def write(
    ticket: Ticket,
    *,
    by: Viewer,
    kind: Entry.Kind,
    body: str,
    now: dt.datetime,
    channel: Channel = Channel.PORTAL,
    folded: str = "",
    origin: Ticket | None = None,
    submission: uuid.UUID | None = None,
) -> Entry:
    """Put an entry into a ticket the caller has locked; part of a verb, not one itself."""
    if by.user is None:
        raise ValueError("Only a person writes in a ticket.")
    if not by.is_person_of_staff:
        follower = Follower(
            organization_id=ticket.organization_id, ticket=ticket, user=by.user, at=now
        )
        rows.insert([follower], ignore_conflicts=True)
    entry = Entry(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=kind,
        author=by.user,
        author_name=by.name,
        author_level=by.level,
        by_staff=by.is_person_of_staff,
        channel=channel,
        body=body,
        folded=folded,
        origin=origin,
        submission=submissions.unused(submission, by),
        at=now,
    )
    rows.insert([entry])
    return entry
