"""An engineer calls others to a ticket: whoever is on duty, or people of a higher level."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import Viewer
from tickets import engine_requests, lifecycle, texts, transitions
from tickets.models import Entry, Ticket
from tickets.oncall.qualification import LEVELS


@transaction.atomic
def ring_by_hand(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """An engineer asks for the ladder of the ticket's team, whatever its severity."""
    ticket = lifecycle.locked(ticket)
    access.require(by, "page.escalate", ticket.organization_id)
    transitions.next_state(ticket, "escalate")
    engine_requests.ring(ticket, reason="manual", now=now)
    events.record(
        verb="escalation.requested",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
    )


@transaction.atomic
def escalate(*, ticket: Ticket, by: Viewer, level: str, reason: str, now: dt.datetime) -> None:
    """An engineer asks for people of at least that level ("L1" to "lead").

    The reason stays with us as a note; the customer sees that others were called. Whoever is
    responsible remains so until somebody acknowledges.
    """
    ticket = lifecycle.locked(ticket)
    access.require(by, "page.escalate", ticket.organization_id)
    transitions.next_state(ticket, "escalate")
    if level not in LEVELS:
        raise ValidationError({"level": _("There is no such level.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: whoever is woken reads it first.")})
    note = lifecycle.write(
        ticket, by=by, kind=Entry.Kind.NOTE, body=texts.clean_body(reason), now=now
    )
    engine_requests.ring(
        ticket, reason="manual", now=now, level=level, asker=by.user.pk if by.user else None
    )
    events.record(
        verb="escalation.raised",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        level=level,
        entry=note.pk,
    )
