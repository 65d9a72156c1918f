"""A ticket is opened: numbered, promised an answer and, if it is urgent, rung."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events, rows
from accounts.models import Organization, User
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import attachments, engine_requests, promises, submissions, texts
from tickets.lifecycle import entries, facts
from tickets.models import Entry, SeverityChange, Ticket
from tickets.models.ticket import Channel, Severity

_COUNT_ONE_MORE: Final = """
update accounts_organization set ticket_count = ticket_count + 1 where id = %s
returning ticket_count
"""


@transaction.atomic
def open_ticket(
    *,
    by: Viewer,
    organization: Organization,
    subject: str,
    body: str,
    severity: Severity,
    now: dt.datetime,
    product: Product | None = None,
    platform: str = "",
    sdk_version: str = "",
    environment: str = "",
    channel: Channel = Channel.PORTAL,
    attachment_ids: Sequence[uuid.UUID] = (),
    submission: uuid.UUID | None = None,
    folded: str = "",
    reporter: User | None = None,
) -> Ticket:
    """Open a ticket, start its promises and, if it is urgent, have the ladder rung.

    The same `submission` by the same person with the same text and files again changes
    nothing and gives the ticket it opened before, also when both arrive at once. With another
    text, a further file or for another organization it is another ticket: what somebody wrote
    is never dropped.
    `folded` is what a mail held beside what was newly written. With a `reporter` it is a
    person of staff who writes down what that member told them: the words, and with them the
    clocks, are the member's; the event names who wrote them down.
    """
    access.require(by, "ticket.open", organization.pk)
    if by.user is None:
        raise ValueError("A ticket is opened by a person.")
    writer, by = by, _speaking(by, reporter, organization)
    if by.user is None:
        raise ValueError("A ticket is opened by a person.")
    subject, body = texts.clean_subject(subject), texts.clean_body(body)
    if submission is not None:
        earlier = _opened_by(submission, by.user, organization)
        if earlier is not None and _is_same(earlier, organization, body, attachment_ids):
            return earlier
        submission = submission if earlier is None else uuid.uuid4()
    ticket = _drafted(by.user, subject, severity, channel=channel, submission=submission, now=now)
    facts.put(ticket, product, platform=platform, sdk_version=sdk_version, environment=environment)
    _number(ticket, organization)
    _grade(ticket, by=by, now=now)
    entry = entries.write(
        ticket, by=by, kind=Entry.Kind.REPLY, body=body, now=now, channel=channel, folded=folded
    )
    attachments.claim(attachment_ids, by=by, entry=entry)
    with agenda.together():
        promises.start(ticket, by=by, now=now)
        _tell(ticket, entry, by=writer, now=now)
    ticket.first_entry = entry
    return ticket


def _speaking(by: Viewer, reporter: User | None, organization: Organization) -> Viewer:
    """Whose words they are: one's own, or those of a member of the organization."""
    if reporter is None:
        return by
    access.require(by, "ticket.open_for", organization.pk)
    speaker = Viewer.of(reporter)
    if speaker.role_in(organization.pk) is None:
        raise ValidationError({"reporter": _("This person is no member of the organization.")})
    return speaker


def _opened_by(submission: uuid.UUID, reporter: User, organization: Organization) -> Ticket | None:
    """The ticket this form opened before; the lock makes a second click wait for the first."""
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    return (
        Ticket.objects.select_related("organization")
        .filter(reporter=reporter, submission=submission)
        .first()
    )


def _is_same(
    earlier: Ticket, organization: Organization, body: str, attachment_ids: Sequence[uuid.UUID]
) -> bool:
    first = earlier.entries.order_by("at", "id").first()
    if first is None or earlier.organization_id != organization.pk:
        return False
    return submissions.says_the_same(first, body, attachment_ids)


def _drafted(
    reporter: User,
    subject: str,
    severity: Severity,
    *,
    channel: Channel,
    submission: uuid.UUID | None,
    now: dt.datetime,
) -> Ticket:
    """The ticket as its reporter words it; not stored, and without a number yet."""
    return Ticket(
        subject=subject,
        severity=severity,
        customer_severity=severity,
        channel=channel,
        language=reporter.language,
        reporter=reporter,
        reporter_name=reporter.name,
        opened_at=now,
        updated_at=now,
        submission=submission,
    )


def _number(ticket: Ticket, organization: Organization) -> None:
    """Store it under the organization's next number; the update makes others wait for theirs."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE_MORE, [organization.pk])
        row = cursor.fetchone()
    if row is None:
        raise Organization.DoesNotExist("That organization is not visible in this role.")
    organization.ticket_count = int(row[0])
    ticket.organization, ticket.number = organization, organization.ticket_count
    rows.insert([ticket])


def _grade(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Put the reporter's severity on record as the first of the ticket's gradings."""
    grading = SeverityChange(
        organization=ticket.organization,
        ticket=ticket,
        after=ticket.severity,
        by=ticket.reporter,
        by_name=ticket.reporter_name,
        by_staff=by.is_person_of_staff,
        outcome=SeverityChange.Outcome.APPLIED,
        at=now,
    )
    rows.insert([grading])


def _tell(ticket: Ticket, entry: Entry, *, by: Viewer, now: dt.datetime) -> None:
    """Record the one event of an opening; have those concerned told and, if urgent, rung."""
    event = events.record(
        verb="ticket.opened",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        severity=str(ticket.severity),
        channel=str(ticket.channel),
        entry=entry.pk,
    )
    engine_requests.announce(ticket, event.pk, now=now)
    if ticket.severity == Severity.URGENT:
        engine_requests.ring(ticket, reason="urgent", now=now)
