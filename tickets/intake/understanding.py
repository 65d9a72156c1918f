"""Understand one mail that was claimed: in one transaction, all of it or nothing."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Delivery
from accounts.tenancy import DatabaseRole, acting_as
from tickets import enquiries, joining, lifecycle, severity
from tickets.intake import acting, bounced, copies, message_ids, routing
from tickets.intake.letter import Letter
from tickets.intake.mail.automatic import Automatic
from tickets.intake.people import Around, Known
from tickets.intake.reasons import Reason
from tickets.intake.routing import Decision
from tickets.intake.taking import Twin, finish, take
from tickets.intake.texts_of_mail import subject_of
from tickets.models import Enquiry, Inbound, Ticket
from tickets.models.ticket import Severity

Outcome = Inbound.Outcome
_SPOKEN: Final = (None, Automatic.LIST)  # all else is about a ticket, and writes nothing in it


def settle(row: Inbound, letter: Letter, around: Around) -> None:
    """Decide and act on a claimed mail. What a verb refuses goes into quarantine, with its words.

    Raises `Lost`, and whatever else went wrong; nothing has happened then.
    """
    try:
        with acting_as(DatabaseRole.ENGINE) as now:
            twins = take(row, letter)
            _settle(row, letter, around, twins, now=now)
            finish([row], now=now)
    except (ValidationError, PermissionDenied) as problem:
        said = acting.refused(problem) if isinstance(problem, ValidationError) else str(problem)
        with acting_as(DatabaseRole.ENGINE) as now:
            take(row, letter)
            hold(row, letter, Reason.REFUSED, around.known.get(letter.sender), now=now)
            row.data["refusal"] = said
            finish([row], now=now)
    around.recent[letter.sender] += 1


def hold(
    row: Inbound, letter: Letter, reason: Reason, sender: Known | None, *, now: dt.datetime
) -> None:
    """Put a mail whose row is locked into quarantine."""
    decision = Decision(Outcome.QUARANTINED, reason)
    acting.act(row, letter, decision, sender, None, now=now)


def _settle(
    row: Inbound, letter: Letter, around: Around, twins: list[Twin], *, now: dt.datetime
) -> None:
    sender = around.known.get(letter.sender)
    if "too_large" in row.envelope:
        return hold(row, letter, Reason.TOO_LARGE, sender, now=now)
    same = [one for one in twins if one.content == letter.content]
    handled = next((one for one in same if not one.is_held), None)
    if handled is not None and not _goes_elsewhere(letter, handled):
        return _duplicate(row, letter, handled, sender, now=now)
    if handled is not None:
        return hold(row, letter, Reason.SEVERAL, sender, now=now)
    if len(twins) > len(same):
        return hold(row, letter, Reason.SAME_ID, sender, now=now)
    if letter.proof.is_proven and letter.sender in around.bounced:
        bounced.works_again([letter.sender])
    subject = _subject(letter)
    named = _as_it_is(subject, is_spoken=letter.automatic in _SPOKEN)
    decision = routing.decide(letter, sender, named, sent=around.recent[letter.sender])
    is_no_better = decision.outcome == Outcome.QUARANTINED and decision.severity != Severity.URGENT
    if same and is_no_better:  # than the copy that waits already; an urgent one rings
        return _duplicate(row, letter, same[0], sender, now=now)
    enquiry = None
    if decision.outcome == Outcome.ENQUIRY:
        enquiries.lock_address(letter.sender)
        enquiry = _enquiry(letter, subject)
    acting.act(row, letter, decision, sender, enquiry, now=now)
    if same and decision.outcome != Outcome.QUARANTINED:
        copies.settle(row, now=now)


def decided(letter: Letter, around: Around, *, sent: int) -> tuple[str, Decision]:
    """What the mail names ("ticket/7", "" for nothing), and what is to be done about it.

    `sent` is how many mails came from its sender within the hour. The ticket is as it was when
    one looked around; a verb refuses what has become impossible since.
    """
    subject = _subject(letter)
    named = _ticket(subject, around)
    return subject, routing.decide(letter, around.known.get(letter.sender), named, sent=sent)


def _duplicate(
    row: Inbound, letter: Letter, twin: Twin, sender: Known | None, *, now: dt.datetime
) -> None:
    """The same once more. If it also went to the urgent address, the ticket is urgent."""
    row.outcome, row.reason = Outcome.DUPLICATE, ""
    row.organization_id, row.ticket_id = twin.organization_id, twin.ticket_id
    row.data["twin"] = str(twin.pk)
    if not (letter.addressed.urgent and sender and letter.proof.is_proven and twin.ticket_id):
        return
    ticket = Ticket.objects.select_related("organization").get(pk=twin.ticket_id)
    is_urgent = ticket.organization.entitlements.urgent_mailbox in letter.addressed.urgent
    may = sender.may("severity.change", ticket.organization_id)
    if is_urgent and may and ticket.is_unsolved and ticket.severity != Severity.URGENT:
        severity.change(ticket=ticket, by=sender.viewer, to=Severity.URGENT, reason="", now=now)
        row.data["remark"] = "raised"


def _goes_elsewhere(letter: Letter, twin: Twin) -> bool:
    """Whether this copy came to the reply address of another ticket than the first was put in."""
    if not letter.addressed.invited or twin.ticket_id is None or letter.automatic is not None:
        return False
    tickets = Ticket.objects.filter(pk__in=(letter.addressed.invited[0].ticket_id, twin.ticket_id))
    return len({joining.current(ticket).pk for ticket in tickets}) > 1


def _subject(letter: Letter) -> str:
    """What the mail names: "ticket/7" or "enquiry/3" by address or reference; "" for nothing.

    What a machine wrote back to a mail's return address is about what that mail was about.
    """
    if letter.addressed.invited:
        return f"ticket/{letter.addressed.invited[0].ticket_id}"
    if letter.addressed.returned and letter.automatic is not None:
        sent = Delivery.objects.filter(pk=letter.addressed.returned[0]).first()
        return sent.subject if sent else ""
    return message_ids.subject_referred_to(letter.references)


def _ticket(subject: str, around: Around) -> Ticket | None:
    kind, _slash, number = subject.partition("/")
    if kind != "ticket":
        return None
    found = around.tickets.get(int(number))
    if found is None:
        found = Ticket.objects.select_related("organization").filter(pk=int(number)).first()
    return joining.current(found) if found else None


def _as_it_is(subject: str, *, is_spoken: bool) -> Ticket | None:
    """The ticket, read anew: it may have changed since one looked around.

    It is locked for who may speak in it, so that it stays what is decided upon.
    """
    kind, _slash, number = subject.partition("/")
    if kind != "ticket":
        return None
    tickets = Ticket.objects.select_related("organization")
    try:
        if not is_spoken:
            return joining.current(tickets.get(pk=int(number)))
        return lifecycle.locked_where(lambda: joining.current(tickets.get(pk=int(number))).pk)
    except Ticket.DoesNotExist:
        return None


def _enquiry(letter: Letter, subject: str) -> Enquiry | None:
    """The conversation of this very address that the mail goes on with."""
    theirs = Enquiry.objects.filter(address=letter.sender, channel=Enquiry.Channel.EMAIL).exclude(
        state=Enquiry.State.LINKED
    )
    kind, _slash, number = subject.partition("/")
    if kind == "enquiry" and (found := theirs.filter(pk=int(number)).first()):
        return found
    if found := theirs.filter(state=Enquiry.State.SPAM).first():
        return found  # and stays there
    return theirs.filter(subject=subject_of(letter)).exclude(state=Enquiry.State.CLOSED).first()
