"""What a person of staff makes of a mail nobody could place, or that was taken for a machine's.

Each is on record with their name.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import Organization, User
from accounts.viewer import Viewer
from tickets import lifecycle, texts
from tickets.intake import acting, copies
from tickets.intake.letter import Letter
from tickets.intake.texts_of_mail import take
from tickets.models import Enquiry, Entry, Inbound, Ticket
from tickets.models.ticket import Channel, Severity

Outcome = Inbound.Outcome


@transaction.atomic
def replay(*, row: Inbound, by: Viewer, now: dt.datetime) -> None:
    """Have it understood anew, as if it had just come: after what was wrong is put right."""
    row = _locked(row, by=by)
    row.outcome, row.reason, row.handled_at = Outcome.WAITING, "", None
    row.claimable_at, row.lease_token, row.attempts = now, None, 0
    row.data["replayed"] = row.data.get("replayed", 0) + 1
    row.save(
        update_fields=[
            *("outcome", "reason", "handled_at", "claimable_at", "lease_token", "attempts", "data")
        ]
    )
    _record(row, "replayed", by=by, now=now)


@transaction.atomic
def as_comment(
    *, row: Inbound, letter: Letter, ticket: Ticket, person: User, by: Viewer, now: dt.datetime
) -> Entry:
    """It is what this member wrote in this ticket; they must be allowed to write there."""
    row, author = _locked(row, by=by), _member(person, ticket.organization_id)
    with translation.override(person.language):
        taken = take(letter, by=author, organization_id=ticket.organization_id, now=now)
    entry = lifecycle.reply(
        ticket=ticket,
        by=author,
        body=taken.body,
        channel=Channel.EMAIL,
        attachment_ids=taken.attachment_ids,
        folded=taken.folded,
        now=now,
    )
    acting.became(row, ticket, entry)
    _settle(row, Outcome.REPLIED, now=now)
    _record(row, "comment", by=by, now=now, ticket=ticket, person=person.pk, entry=entry.pk)
    return entry


@transaction.atomic
def as_ticket(
    *,
    row: Inbound,
    letter: Letter,
    organization: Organization,
    person: User,
    severity: Severity,
    by: Viewer,
    now: dt.datetime,
) -> Ticket:
    """It is a new problem of this member of this organization."""
    row, author = _locked(row, by=by), _member(person, organization.pk)
    with translation.override(person.language):
        taken = take(letter, by=author, organization_id=organization.pk, now=now)
    ticket = lifecycle.open_ticket(
        by=author,
        organization=organization,
        subject=taken.subject,
        body=taken.body,
        severity=severity,
        channel=Channel.EMAIL,
        attachment_ids=taken.attachment_ids,
        folded=taken.folded,
        now=now,
    )
    acting.became(row, ticket, ticket.first_entry)
    _settle(row, Outcome.OPENED, now=now)
    _record(row, "ticket", by=by, now=now, ticket=ticket, person=person.pk)
    return ticket


@transaction.atomic
def as_note(*, row: Inbound, letter: Letter, ticket: Ticket, by: Viewer, now: dt.datetime) -> Entry:
    """Worth knowing for whoever works on the ticket, and no word of the customer's."""
    row = _locked(row, by=by)
    head = _("A mail that says it is from %(sender)s:") % {"sender": letter.sender or "?"}
    said = (letter.new or letter.mail.text).replace("\x00", "").strip() or _("(no text)")
    body = f"{head}\n\n{said}"[: texts.BODY_LIMIT]
    entry = lifecycle.add_note(ticket=ticket, by=by, body=body, now=now)
    acting.became(row, ticket, entry)
    _settle(row, Outcome.AUTOMATIC, now=now)
    _record(row, "note", by=by, now=now, ticket=ticket, entry=entry.pk)
    return entry


@transaction.atomic
def as_enquiry(*, row: Inbound, letter: Letter, by: Viewer, now: dt.datetime) -> Enquiry:
    """From somebody who is no member: answered by mail, apart from everybody's tickets."""
    row = _locked(row, by=by)
    if not letter.sender:
        raise ValidationError(_("It does not say who it is from, so nobody could be answered."))
    acting.enquire(row, letter, None, now=now)
    _settle(row, Outcome.ENQUIRY, now=now)
    _record(row, "enquiry", by=by, now=now)
    return Enquiry.objects.get(pk=row.data["enquiry"])


@transaction.atomic
def discard(*, row: Inbound, by: Viewer, now: dt.datetime) -> None:
    """Nothing is made of it. It is kept all the same, and can be found."""
    row = _locked(row, by=by)
    _settle(row, Outcome.DISCARDED, now=now)
    _record(row, "discarded", by=by, now=now)


def _locked(row: Inbound, *, by: Viewer) -> Inbound:
    """The mail as it is now; `ValidationError` unless it can (still) be placed."""
    access.require(by, "mail.route")
    copies.lock(row.message_id)
    found = Inbound.objects.select_for_update(of=("self",)).defer("raw").get(pk=row.pk)
    if not can_be_placed(found):
        raise ValidationError(_("This is no longer in quarantine."), code="wrong_state")
    return found


def can_be_placed(row: Inbound) -> bool:
    """Whether it waits in quarantine, or was taken for a machine's and became nothing."""
    if row.outcome == Outcome.AUTOMATIC:
        return row.entry_id is None
    return row.outcome == Outcome.QUARANTINED


def _member(person: User, organization_id: int) -> Viewer:
    viewer = Viewer.of(person)
    if viewer.role_in(organization_id) is None:
        raise ValidationError({"person": _("%(name)s is no member there.") % {"name": person.name}})
    return viewer


def _settle(row: Inbound, outcome: Inbound.Outcome, *, now: dt.datetime) -> None:
    row.outcome, row.handled_at = outcome, now
    fields = ("outcome", "handled_at", "organization", "ticket", "entry", "data")
    row.save(update_fields=fields)
    if outcome != Outcome.DISCARDED:
        copies.settle(row, now=now)


def _record(
    row: Inbound,
    what: str,
    *,
    by: Viewer,
    now: dt.datetime,
    ticket: Ticket | None = None,
    **data: object,
) -> None:
    """In the ticket's own log where there is one, so that it is seen there."""
    events.record(
        verb="mail.released",
        subject=ticket.event_subject if ticket else f"mail/{row.pk}",
        by=by,
        at=now,
        organization_id=ticket.organization_id if ticket else None,
        internal=True,
        what=what,
        inbound=str(row.pk),
        address=row.sender,
        reason=row.reason,
        **data,
    )
