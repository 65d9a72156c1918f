"""A ticket that had come to its end is taken up again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import access, agenda
from accounts.viewer import Viewer
from tickets import engine_requests, promises, transitions
from tickets.lifecycle import record
from tickets.models import Ticket
from tickets.models.ticket import Severity


@transaction.atomic
def reopen(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """Take a resolved or closed ticket up again: a new cycle with clocks of its own."""
    ticket = record.locked(ticket)
    access.require(by, "ticket.reopen", ticket.organization_id)
    before, ticket.state = ticket.state, transitions.next_state(ticket, "reopen")
    wake(ticket, by=by, now=now)
    record.save(ticket, now=now)
    record.state_changed(ticket, "ticket.reopened", by=by, before=before, now=now)
    return ticket


def wake(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Start the next cycle; part of a verb that saves the ticket, not one itself."""
    ticket.cycle += 1
    ticket.resolved_at = ticket.closed_at = None
    agenda.strike(subject=ticket.event_subject, kind="ticket.close", now=now)
    promises.start(ticket, by=by, now=now)
    if ticket.severity == Severity.URGENT:
        engine_requests.ring(ticket, reason="reopened", now=now)
