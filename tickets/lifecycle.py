"""What can happen to a ticket: opened, answered, resolved, closed, reopened.

Every change to a ticket goes through a verb here or in its neighbours (`severity`,
`ownership`, `escalation`). Each is atomic, checks role and state, writes, and records one
event. `now` is the transaction's instant (UTC), from the database's clock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import (
    attachments,
    engine_requests,
    holdings,
    next_update,
    promises,
    texts,
    transitions,
)
from tickets.models import Entry, SeverityChange, Ticket
from tickets.models.follower import Follower
from tickets.models.ticket import Channel, Environment, Platform, Severity, State

# A resolved ticket nobody objected to closes itself after a week.
CLOSES_AFTER: Final = dt.timedelta(days=7)


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
) -> Ticket:
    """Open a ticket, start its promises and, if it is urgent, have the ladder rung.

    The same `submission` by the same person with the same text again changes nothing and
    gives the ticket it opened before, also when both arrive at once. With another text, or
    for another organization, it is another ticket: what somebody wrote is never dropped.
    """
    access.require(by, "ticket.open", organization.pk)
    if by.user is None:
        raise ValueError("A ticket is opened by a person.")
    subject, body = texts.clean_subject(subject), texts.clean_body(body)
    if submission is not None:
        earlier = _opened_by(submission, by.user.pk, organization)
        if earlier is not None and _is_same(earlier, organization, body):
            return earlier
        submission = submission if earlier is None else uuid.uuid4()
    ticket = Ticket.objects.create(
        organization=organization,
        number=_next_number(organization),
        subject=subject,
        severity=severity,
        customer_severity=severity,
        product=product,
        platform=texts.known(platform, Platform, field="platform"),
        sdk_version=texts.clean_line(sdk_version, field="sdk_version", limit=texts.VERSION_LIMIT),
        environment=texts.known(environment, Environment, field="environment"),
        channel=channel,
        language=by.user.language,
        reporter=by.user,
        reporter_name=by.name,
        opened_at=now,
        updated_at=now,
        submission=submission,
    )
    SeverityChange.objects.create(
        organization=organization,
        ticket=ticket,
        after=severity,
        by=by.user,
        by_name=by.name,
        by_staff=by.is_person_of_staff,
        outcome=SeverityChange.Outcome.APPLIED,
        at=now,
    )
    entry = write(ticket, by=by, kind=Entry.Kind.REPLY, body=body, now=now, channel=channel)
    attachments.claim(attachment_ids, by=by, entry=entry)
    with agenda.together():
        promises.start(ticket, by=by, now=now)
        event = events.record(
            verb="ticket.opened",
            subject=ticket.event_subject,
            by=by,
            at=now,
            organization_id=organization.pk,
            severity=str(severity),
            channel=str(channel),
            entry=entry.pk,
        )
        engine_requests.announce(ticket, event.pk, now=now)
        if severity == Severity.URGENT:
            engine_requests.ring(ticket, reason="urgent", now=now)
    return ticket


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
) -> Entry:
    """Write to the other side.

    A reply by a person of staff stops the response clock, restarts the next-update clock and
    takes the ticket if nobody has it. A reply by the customer wakes a waiting or resolved
    ticket, and ends the waiting for an agreed date. `ask_customer` (staff only) hands the
    ticket to the customer and pauses what may be paused. `next_update_at` (staff only)
    promises the next update by that instant, in place of what the plan says.
    """
    ticket = locked(ticket)
    access.require(by, "ticket.reply", ticket.organization_id)
    by_staff = by.is_person_of_staff
    if by_staff:
        action = "ask_customer" if ask_customer else "staff_reply"
    else:
        action = "customer_reply"
    before = ticket.state
    after = transitions.next_state(ticket, action)
    if next_update_at is not None:
        next_update.refuse_impossible(ticket, next_update_at, by=by, now=now)
    entry = write(
        ticket, by=by, kind=Entry.Kind.REPLY, body=texts.clean_body(body), now=now, channel=channel
    )
    attachments.claim(attachment_ids, by=by, entry=entry)
    with agenda.together():
        if before == State.RESOLVED and after == State.OPEN:
            _wake(ticket, by=by, now=now)
        ticket.state = after
        if by_staff and ticket.owner_id is None:
            ticket.owner = by.user
            holdings.record(ticket, by.user, by, now)
        _save(ticket, now=now)
        promises.written(ticket, by=by, now=now, next_update_at=next_update_at)
        if by_staff:
            engine_requests.wrote(ticket, entry, now=now)
        if before == State.WAITING and after != State.WAITING:
            engine_requests.listen(ticket, now=now)
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
            by_staff=by_staff,
            before=before,
            after=str(after),
            **promised,
        )
        engine_requests.announce(ticket, event.pk, now=now)
    return entry


@transaction.atomic
def add_note(
    *,
    ticket: Ticket,
    by: Viewer,
    body: str,
    now: dt.datetime,
    attachment_ids: Sequence[uuid.UUID] = (),
) -> Entry:
    """Write an internal note: no customer ever sees it, and no clock moves."""
    ticket = locked(ticket)
    access.require(by, "ticket.note", ticket.organization_id)
    transitions.next_state(ticket, "note")
    entry = write(ticket, by=by, kind=Entry.Kind.NOTE, body=texts.clean_body(body), now=now)
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


@transaction.atomic
def resolve(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """Say that the problem is solved. Clocks end; the customer may still disagree."""
    ticket = locked(ticket)
    access.require(by, "ticket.resolve", ticket.organization_id)
    before, ticket.state = ticket.state, transitions.next_state(ticket, "resolve")
    if by.is_person_of_staff and promises.owes_answer(ticket):
        raise ValidationError(_("Answer the customer before you resolve the ticket."))
    ticket.resolved_at = now
    _save(ticket, now=now)
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
        _state_event(ticket, "ticket.resolved", by=by, before=before, now=now)
    return ticket


@transaction.atomic
def close(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """End the ticket. A customer may close at any time; staff only what is resolved."""
    ticket = locked(ticket)
    access.require(by, "ticket.close", ticket.organization_id)
    before, after = ticket.state, transitions.next_state(ticket, "close")
    if by.is_person_of_staff and before != State.RESOLVED:
        raise ValidationError(_("Resolve the ticket first; the customer may object to that."))
    ticket.state, ticket.closed_at = after, now
    if ticket.resolved_at is None:
        ticket.resolved_at = now
    _save(ticket, now=now)
    if before != State.RESOLVED:
        promises.finish(ticket, by=by, solved=True, now=now)
        engine_requests.silence(ticket, now=now, key=f"closed:{ticket.pk}:{ticket.cycle}")
    agenda.strike(subject=ticket.event_subject, kind="ticket.close", now=now)
    _state_event(ticket, "ticket.closed", by=by, before=before, now=now)
    return ticket


@transaction.atomic
def reopen(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """Take a resolved or closed ticket up again: a new cycle with clocks of its own."""
    ticket = locked(ticket)
    access.require(by, "ticket.reopen", ticket.organization_id)
    before, ticket.state = ticket.state, transitions.next_state(ticket, "reopen")
    _wake(ticket, by=by, now=now)
    _save(ticket, now=now)
    _state_event(ticket, "ticket.reopened", by=by, before=before, now=now)
    return ticket


@transaction.atomic
def edit_facts(
    *,
    ticket: Ticket,
    by: Viewer,
    now: dt.datetime,
    product: Product | None,
    platform: str,
    sdk_version: str,
    environment: str,
) -> Ticket:
    """Fill in what a break-glass ticket left out: product, platform, version, environment."""
    ticket = locked(ticket)
    access.require(by, "ticket.edit_facts", ticket.organization_id)
    transitions.next_state(ticket, "edit_facts")
    ticket.product = product
    ticket.platform = texts.known(platform, Platform, field="platform")
    ticket.sdk_version = texts.clean_line(
        sdk_version, field="sdk_version", limit=texts.VERSION_LIMIT
    )
    ticket.environment = texts.known(environment, Environment, field="environment")
    ticket.updated_at = now
    ticket.save(
        update_fields=["product", "platform", "sdk_version", "environment", "updated_at"],
    )
    events.record(
        verb="ticket.facts_edited",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        product=product.key if product else None,
        platform=platform,
        sdk_version=ticket.sdk_version,
        environment=environment,
    )
    return ticket


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now, locked until the transaction ends."""
    return locked_by_key(ticket.pk)


def locked_by_key(pk: int) -> Ticket:
    return (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("organization", "product")
        .get(pk=pk)
    )


def _next_number(organization: Organization) -> int:
    """Count one more ticket; whoever counts at the same moment waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_organization set ticket_count = ticket_count + 1 where id = %s"
            " returning ticket_count",
            [organization.pk],
        )
        row = cursor.fetchone()
    if row is None:
        raise Organization.DoesNotExist("That organization is not visible in this role.")
    organization.ticket_count = int(row[0])
    return organization.ticket_count


def _opened_by(
    submission: uuid.UUID, reporter_id: int, organization: Organization
) -> Ticket | None:
    """The ticket this form opened before; the lock makes a second click wait for the first."""
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    return (
        Ticket.objects.select_related("organization")
        .filter(reporter_id=reporter_id, submission=submission)
        .first()
    )


def _is_same(earlier: Ticket, organization: Organization, body: str) -> bool:
    first = earlier.entries.order_by("at", "id").first()
    return earlier.organization_id == organization.pk and first is not None and first.body == body


def _wake(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    ticket.cycle += 1
    ticket.resolved_at = ticket.closed_at = None
    agenda.strike(subject=ticket.event_subject, kind="ticket.close", now=now)
    promises.start(ticket, by=by, now=now)
    if ticket.severity == Severity.URGENT:
        engine_requests.ring(ticket, reason="reopened", now=now)


def write(
    ticket: Ticket,
    *,
    by: Viewer,
    kind: Entry.Kind,
    body: str,
    now: dt.datetime,
    channel: Channel = Channel.PORTAL,
) -> Entry:
    """Put an entry into a ticket the caller has locked; part of a verb, not one itself."""
    if by.user is None:
        raise ValueError("Only a person writes in a ticket.")
    if not by.is_person_of_staff:
        Follower.objects.bulk_create(
            [Follower(organization_id=ticket.organization_id, ticket=ticket, user=by.user, at=now)],
            ignore_conflicts=True,
        )
    return Entry.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=kind,
        author=by.user,
        author_name=by.name,
        author_level=by.level,
        by_staff=by.is_person_of_staff,
        channel=channel,
        body=body,
        at=now,
    )


def _save(ticket: Ticket, *, now: dt.datetime) -> None:
    """Write what these verbs may change of it."""
    ticket.updated_at = now
    ticket.save(
        update_fields=["state", "owner", "cycle", "resolved_at", "closed_at", "updated_at"],
    )


def _state_event(ticket: Ticket, verb: str, *, by: Viewer, before: str, now: dt.datetime) -> None:
    event = events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        before=before,
        after=str(ticket.state),
    )
    engine_requests.announce(ticket, event.pk, now=now)
