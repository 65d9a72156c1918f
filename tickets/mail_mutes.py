"""End the mails about one ticket to one person, and take that back.

The pages show everything as before; what is muted is mail. It is for customers: mails to
engineers are their work.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from tickets.models import MailMute, Ticket


@transaction.atomic
def mute(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Send this person no more mails about the ticket. Muting twice changes nothing."""
    person = _customer(ticket, by)
    _mute, is_new = MailMute.objects.get_or_create(
        ticket=ticket,
        user=person,
        defaults={"organization_id": ticket.organization_id, "at": now},
    )
    if is_new:
        _record(ticket, "ticket.mail_muted", by=by, now=now)


@transaction.atomic
def unmute(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Send them mails again. What happened meanwhile is not sent after the fact."""
    person = _customer(ticket, by)
    gone, _by_model = MailMute.objects.filter(ticket=ticket, user=person).delete()
    if gone:
        _record(ticket, "ticket.mail_unmuted", by=by, now=now)


def _customer(ticket: Ticket, by: Viewer) -> User:
    access.require(by, "ticket.read", ticket.organization_id)
    if by.user is None or by.is_staff:
        raise PermissionDenied(_("Only a customer's own mails can be muted."))
    return by.user


def _record(ticket: Ticket, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
    )
