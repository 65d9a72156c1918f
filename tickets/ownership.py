"""Who is responsible for a ticket, and who follows it."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from tickets import engine_requests, holdings, lifecycle, transitions
from tickets.models import Follower, Ticket


@transaction.atomic
def assign(*, ticket: Ticket, by: Viewer, owner: User | None, now: dt.datetime) -> Ticket:
    """Make one engineer responsible, or nobody. No clock moves: this is no answer."""
    ticket = lifecycle.locked(ticket)
    access.require(by, "ticket.assign", ticket.organization_id)
    transitions.next_state(ticket, "assign")
    if owner is not None and not (owner.is_staff and owner.is_active):
        raise ValidationError({"owner": _("Only an engineer of ours can own a ticket.")})
    before = ticket.owner
    hold(ticket, owner, by=by, now=now)
    event = events.record(
        verb="ticket.assigned",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        before=before.name if before else None,
        after=owner.name if owner else None,
    )
    if owner is not None and owner != by.user:
        engine_requests.announce(ticket, event.pk, now=now)
    return ticket


def hold(ticket: Ticket, owner: User | None, *, by: Viewer, now: dt.datetime) -> None:
    """Write the owner down, under the ticket's lock; the verb that calls it records the event."""
    ticket.owner, ticket.updated_at = owner, now
    ticket.save(update_fields=["owner", "updated_at"])
    holdings.record(ticket, owner, by, now)


@transaction.atomic
def follow(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Be told of what happens in this ticket. Following twice changes nothing."""
    access.require(by, "ticket.follow", ticket.organization_id)
    if by.user is None:
        raise ValueError("Only a person follows a ticket.")
    _follower, is_new = Follower.objects.get_or_create(
        ticket=ticket,
        user=by.user,
        defaults={"organization_id": ticket.organization_id, "at": now},
    )
    if is_new:
        _record(ticket, "ticket.followed", by=by, now=now)


@transaction.atomic
def unfollow(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Hear no more of this ticket. Without following it this changes nothing."""
    access.require(by, "ticket.follow", ticket.organization_id)
    gone, _by_model = Follower.objects.filter(ticket=ticket, user=by.user).delete()
    if gone:
        _record(ticket, "ticket.unfollowed", by=by, now=now)


def _record(ticket: Ticket, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
    )
