"""A ticket comes to its end: resolved by whoever solved it, then closed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda
from accounts.viewer import Viewer
from tickets import engine_requests, promises, transitions
from tickets.lifecycle import record
from tickets.models import Ticket
from tickets.models.ticket import State

# A resolved ticket nobody objected to closes itself after a week.
CLOSES_AFTER: Final = dt.timedelta(days=7)


@transaction.atomic
def resolve(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """Say that the problem is solved. Clocks end; the customer may still disagree."""
    ticket = record.locked(ticket)
    access.require(by, "ticket.resolve", ticket.organization_id)
    before, ticket.state = ticket.state, transitions.next_state(ticket, "resolve")
    if by.is_person_of_staff and promises.owes_answer(ticket):
        raise ValidationError(_("Answer the customer before you resolve the ticket."))
    ticket.resolved_at = now
    record.save(ticket, now=now)
    with agenda.together():
        promises.finish(ticket, by=by, solved=True, now=now)
        engine_requests.silence(ticket, now=now, key=f"resolved:{ticket.pk}:{ticket.cycle}")
        agenda.schedule(
            kind="ticket.close",
            key=f"close:{ticket.pk}:{ticket.cycle}",
            due_at=now + CLOSES_AFTER,
            subject=ticket.event_subject,
            organization_id=ticket.organization_id,
            ticket=ticket.pk,
        )
        record.state_changed(ticket, "ticket.resolved", by=by, before=before, now=now)
    return ticket


@transaction.atomic
def close(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """End the ticket. A customer may close at any time; staff only what is resolved."""
    ticket = record.locked(ticket)
    access.require(by, "ticket.close", ticket.organization_id)
    before, after = ticket.state, transitions.next_state(ticket, "close")
    if by.is_person_of_staff and before != State.RESOLVED:
        raise ValidationError(_("Resolve the ticket first; the customer may object to that."))
    ticket.state, ticket.closed_at = after, now
    if ticket.resolved_at is None:
        ticket.resolved_at = now
    record.save(ticket, now=now)
    if before != State.RESOLVED:
        promises.finish(ticket, by=by, solved=True, now=now)
        engine_requests.silence(ticket, now=now, key=f"closed:{ticket.pk}:{ticket.cycle}")
    agenda.strike(subject=ticket.event_subject, kind="ticket.close", now=now)
    record.state_changed(ticket, "ticket.closed", by=by, before=before, now=now)
    return ticket
