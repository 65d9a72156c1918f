"""Calls our people had by telephone themselves, written down afterwards.

Who, when, how long and what was said. That the customer was spoken to is an answer by a person
and counts as every reply does, from the moment it is written down; a call that reached nobody is
an internal note and moves no clock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, people
from accounts.models import Organization, User
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import lifecycle, texts
from tickets.models import Call, Entry, Ticket
from tickets.models.ticket import Channel, Severity

LONGEST: Final = dt.timedelta(hours=12)
OLDEST: Final = dt.timedelta(days=30)
SKEW: Final = dt.timedelta(minutes=2)  # a watch that goes before the database's clock


@dataclass(frozen=True, slots=True)
class Told:
    """`way` is a value of `Call.Way`; `spoken_with` is who was on the other side."""

    way: str
    spoken_with: str
    started_at: dt.datetime
    length: dt.timedelta

    @property
    def ended_at(self) -> dt.datetime:
        return self.started_at + self.length


@transaction.atomic
def note(
    *,
    ticket: Ticket,
    by: Viewer,
    told: Told,
    was_spoken_to: bool,
    body: str,
    now: dt.datetime,
    submission: uuid.UUID | None = None,
) -> Call:
    """Write a call down in a ticket: as a reply if the customer was spoken to, else as a note.

    The same `submission` with the same words again changes nothing and gives the call it wrote
    down before.
    """
    access.require(by, "ticket.note", ticket.organization_id)
    told = _clean(told, now=now)
    write = lifecycle.reply if was_spoken_to else lifecycle.add_note
    entry = write(
        ticket=ticket, by=by, body=body, channel=Channel.PHONE, submission=submission, now=now
    )
    before = Call.objects.filter(entry=entry).first()
    return before or _keep(ticket, entry, by, told, internal=not was_spoken_to)


@transaction.atomic
def open_from(
    *,
    organization: Organization,
    reporter: User,
    by: Viewer,
    told: Told,
    severity: Severity,
    subject: str,
    said: str,
    answered: str,
    product: Product | None,
    submission: uuid.UUID | None,
    now: dt.datetime,
) -> Ticket:
    """Open a ticket for a member who called; `answered` (perhaps empty) is what they were told.

    Both stand in the conversation, the first as the member's words. The same `submission` again
    opens no second ticket.
    """
    told = _clean(told, now=now)
    said, answered = texts.clean_body(said, field="said"), answered.strip()
    if not subject.strip():
        subject = texts.subject_from(said)
    words = {"name": by.name, "said": said}
    ticket = lifecycle.open_ticket(
        by=by,
        reporter=reporter,
        organization=organization,
        subject=subject,
        body=_("Told by telephone, written down by %(name)s:\n\n%(said)s") % words,
        severity=severity,
        product=product,
        channel=Channel.PHONE,
        submission=submission,
        now=now,
    )
    if ticket.calls.exists():
        return ticket  # sent twice
    if answered:
        lifecycle.reply(ticket=ticket, by=by, body=answered, channel=Channel.PHONE, now=now)
    _keep(ticket, ticket.entries.earliest("at", "pk"), by, told, internal=False)
    return ticket


def _keep(ticket: Ticket, entry: Entry, by: Viewer, told: Told, *, internal: bool) -> Call:
    return Call.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        entry=entry,
        way=told.way,
        state=Call.State.ENDED,
        started_at=told.started_at,
        ended_at=told.ended_at,
        noted_by=by.user,
        noted_by_name=by.name,
        spoken_with=told.spoken_with,
        internal=internal,
    )


def _clean(told: Told, *, now: dt.datetime) -> Told:
    """Refuse what cannot have been."""
    if told.way not in Call.Way.values:
        raise ValidationError({"way": _("Say who called whom.")})
    if told.length < dt.timedelta(0) or told.length > LONGEST:
        raise ValidationError({"minutes": _("A call lasts between 0 minutes and 12 hours.")})
    if told.ended_at > now + SKEW:
        raise ValidationError({"started_at": _("The call must be over.")})
    if told.started_at < now - OLDEST:
        raise ValidationError({"started_at": _("The call must be of the last 30 days.")})
    name = people.clean_name(told.spoken_with, field="spoken_with")
    return Told(told.way, name, told.started_at, told.length)
