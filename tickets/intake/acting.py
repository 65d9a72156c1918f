"""Do what was decided about a mail: by the same verbs as everywhere."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import events
from accounts.models import Organization
from accounts.viewer import SYSTEM
from tickets import enquiries, lifecycle, severity
from tickets.intake import bounced, urgent_waiting
from tickets.intake.letter import Letter
from tickets.intake.people import Known
from tickets.intake.routing import Decision
from tickets.intake.texts_of_mail import Taken, one_line, subject_of, take
from tickets.models import Enquiry, Entry, Inbound, Ticket
from tickets.models.ticket import Channel, Severity

Outcome = Inbound.Outcome


def act(
    row: Inbound,
    letter: Letter,
    decision: Decision,
    sender: Known | None,
    enquiry: Enquiry | None,
    *,
    taken: Taken | None = None,
    now: dt.datetime,
) -> None:
    """Call the verb, and say in `row` what came of it; the caller saves it.

    `enquiry` is the one the mail goes on with, `taken` what `keep` gave, for who has called it
    already. Raises what the verbs raise.
    """
    row.data["remark"] = decision.remark
    match decision.outcome:
        case Outcome.OPENED if sender and decision.organization:
            taken = taken or keep(letter, decision, sender, now=now)
            _open(row, taken, decision, decision.organization, sender, now=now)
        case Outcome.REPLIED if sender and decision.ticket:
            taken = taken or keep(letter, decision, sender, now=now)
            _reply(row, taken, decision, decision.ticket, sender, now=now)
        case Outcome.ENQUIRY:
            enquire(row, letter, enquiry, now=now)
        case Outcome.BOUNCE:
            bounced.note(row, letter, now=now)
        case Outcome.AUTOMATIC | Outcome.REPORT:
            row.data["person"] = sender.user.pk if sender else None
            _note_automatic(row, letter, decision.ticket, now=now)
        case _:
            _hold(row, letter, decision, sender, now=now)
    row.outcome, row.reason = decision.outcome, str(decision.reason)


def keep(letter: Letter, decision: Decision, sender: Known, *, now: dt.datetime) -> Taken:
    """What the mail says as the ticket takes it, with its files kept as drafts of the sender."""
    if decision.organization is None:
        raise ValueError("Somebody writes in an organization.")
    with translation.override(sender.user.language):
        return take(letter, by=sender.viewer, organization_id=decision.organization.pk, now=now)


def _open(
    row: Inbound,
    taken: Taken,
    decision: Decision,
    organization: Organization,
    sender: Known,
    *,
    now: dt.datetime,
) -> None:
    ticket = lifecycle.open_ticket(
        by=sender.viewer,
        organization=organization,
        subject=taken.subject,
        body=taken.body,
        severity=decision.severity,
        channel=Channel.EMAIL,
        attachment_ids=taken.attachment_ids,
        folded=taken.folded,
        now=now,
    )
    became(row, ticket, ticket.first_entry)
    row.data["remark"] = decision.remark or taken.remark


def _reply(
    row: Inbound,
    taken: Taken,
    decision: Decision,
    ticket: Ticket,
    sender: Known,
    *,
    now: dt.datetime,
) -> None:
    entry = lifecycle.reply(
        ticket=ticket,
        by=sender.viewer,
        body=taken.body,
        channel=Channel.EMAIL,
        attachment_ids=taken.attachment_ids,
        folded=taken.folded,
        now=now,
    )
    became(row, ticket, entry)
    row.data["remark"] = decision.remark or taken.remark
    if decision.severity == Severity.URGENT:
        severity.change(ticket=ticket, by=sender.viewer, to=Severity.URGENT, reason="", now=now)


def became(row: Inbound, ticket: Ticket, entry: Entry | None) -> None:
    """Tie the mail to what it became part of."""
    row.organization_id, row.ticket, row.entry = ticket.organization_id, ticket, entry


def enquire(row: Inbound, letter: Letter, enquiry: Enquiry | None, *, now: dt.datetime) -> None:
    """Begin an enquiry with it, or go on with one; part of a verb, not one itself."""
    body = letter.new or letter.mail.text or one_line(letter.mail.subject)
    if enquiry is not None:
        enquiries.add(
            enquiry=enquiry,
            body=body,
            folded=letter.folded,
            is_proven=letter.proof.is_proven,
            inbound=row,
            now=now,
        )
    else:
        enquiry = enquiries.open_enquiry(
            channel=Enquiry.Channel.EMAIL,
            name=letter.mail.from_.name,
            address=letter.sender,
            subject=subject_of(letter),
            body=body,
            folded=letter.folded,
            is_proven=letter.proof.is_proven,
            inbound=row,
            confirms=letter.automatic is None,  # no machine is answered, and nobody's list
            now=now,
        )
    row.data["enquiry"] = enquiry.pk


def _note_automatic(
    row: Inbound, letter: Letter, ticket: Ticket | None, *, now: dt.datetime
) -> None:
    """Shown on the ticket for us; what a machine wrote changes no state and no clock."""
    if ticket is None:
        return
    became(row, ticket, None)
    events.record(
        verb="mail.automatic",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        inbound=str(row.pk),
        address=letter.sender[:254],
    )


def _hold(
    row: Inbound, letter: Letter, decision: Decision, sender: Known | None, *, now: dt.datetime
) -> None:
    """Into quarantine, with what is proposed; who is on duty is told if it might be urgent."""
    row.data |= {
        "proposed_ticket": decision.ticket.pk if decision.ticket else None,
        "proposed_organization": decision.organization.pk if decision.organization else None,
        "person": sender.user.pk if sender else None,
    }
    events.record(
        verb="mail.held",
        subject=f"mail/{row.pk}",
        by=SYSTEM,
        at=now,
        organization_id=None,
        internal=True,
        reason=str(decision.reason),
    )
    if decision.severity == Severity.URGENT and sender is not None:
        urgent_waiting.ring(row, sender, now=now)


def refused(problem: ValidationError) -> str:
    """What a verb said, in one line."""
    return " ".join(problem.messages)[:300]
