"""Decide what becomes of a mail, from what it says and who is known; nothing is written here.

Whoever speaks in a ticket must be proven to be the sender and be a member who may write there,
and the mail must name the ticket: by the reply address we gave to this very person, or by
referring to a mail of ours. People of staff need the reply address. All else is at most a
proposal, which a person takes up or not; who else is in Cc means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Organization
from tickets.intake import mailboxes
from tickets.intake.letter import Letter
from tickets.intake.mail import automatic
from tickets.intake.mail.automatic import Automatic
from tickets.intake.mail.parsed import Problem
from tickets.intake.people import Known
from tickets.intake.proof import Verdict
from tickets.intake.reasons import Reason
from tickets.models import Inbound, Ticket
from tickets.models.ticket import Severity, State

Outcome = Inbound.Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done. Of one in quarantine, `ticket` and `organization` are proposed."""

    outcome: Outcome
    reason: str = ""
    ticket: Ticket | None = None
    organization: Organization | None = None
    severity: Severity = Severity.NORMAL
    remark: str = ""


def decide(letter: Letter, sender: Known | None, named: Ticket | None, *, sent: int) -> Decision:
    """`named` is the ticket the mail names, by address or reference; `sent` how many mails came
    from this sender within the hour.
    """
    special = _automatic(letter, sender, named) or _unusable(letter)
    if special is not None:
        return special
    is_urgent = sender is not None and _urgent_for(letter, sender)
    if sent >= settings.MAIL_HOURLY and not (is_urgent and letter.proof.is_proven):
        return _held(Reason.FLOOD, letter, named, sender)
    if letter.addressed.is_forged and not letter.addressed.invited:
        return _held(Reason.FORGED, letter, None, sender)
    if letter.addressed.invited:
        return _by_address(letter, sender, named)
    if named is not None:
        return _by_reference(letter, sender, named)
    if sender is None:
        return Decision(Outcome.ENQUIRY)
    return _anew(letter, sender)


def _automatic(letter: Letter, sender: Known | None, named: Ticket | None) -> Decision | None:
    """What a machine wrote, or what came from ourselves: recorded, and never answered."""
    kind = letter.automatic
    if kind is Automatic.BOUNCE:
        return Decision(Outcome.BOUNCE, ticket=named)
    if kind is Automatic.LOOP or mailboxes.is_ours(letter.mail.from_.address):
        return Decision(Outcome.AUTOMATIC, ticket=named, remark="loop")
    if kind is Automatic.REPORT:
        return Decision(Outcome.REPORT, ticket=named)
    if kind not in (Automatic.AUTO_REPLY, Automatic.GENERATED):
        return None
    is_reply = kind is Automatic.AUTO_REPLY and automatic.says_so(letter.mail)
    if not is_reply and sender is not None and _urgent_for(letter, sender):
        return _held(
            Reason.MACHINE, letter, named, sender
        )  # their monitoring, or a person after all
    return Decision(Outcome.AUTOMATIC, ticket=named)


def _unusable(letter: Letter) -> Decision | None:
    problems = letter.mail.problems
    if Problem.EMPTY in problems:
        return Decision(Outcome.QUARANTINED, Reason.EMPTY)
    if Problem.NOT_READ in problems:
        return Decision(Outcome.QUARANTINED, Reason.UNREADABLE)
    if not letter.sender:
        return Decision(Outcome.QUARANTINED, Reason.NO_SENDER)
    return None


def _by_address(letter: Letter, sender: Known | None, named: Ticket | None) -> Decision:
    """Through a reply address: it must have been given to this person, and for one ticket."""
    invited = letter.addressed.invited
    if sender is None or any(one.user_id != sender.user.pk for one in invited):
        return _held(Reason.OTHER_PERSON, letter, named, sender)
    if named is None or len({one.ticket_id for one in invited}) > 1:
        return _held(Reason.SEVERAL, letter, named, sender)
    if not letter.proof.is_proven:
        return _unproven(letter, named, sender)
    return _speaks(letter, sender, named)


def _by_reference(letter: Letter, sender: Known | None, named: Ticket) -> Decision:
    """In answer to a mail of ours: anybody may know its name, so the sender must be a member."""
    if sender is None:
        return _held(Reason.STRANGER, letter, named, sender)
    if sender.is_staff:
        return _held(Reason.STAFF, letter, named, sender)
    if named.organization_id not in sender.organizations:
        return _held(Reason.STRANGER, letter, named, sender)
    if not letter.proof.is_proven:
        return _unproven(letter, named, sender)
    return _speaks(letter, sender, named)


def _speaks(letter: Letter, sender: Known, ticket: Ticket) -> Decision:
    """A proven sender in a ticket they named."""
    if not sender.may("ticket.reply", ticket.organization_id):
        return _held(Reason.MAY_NOT_WRITE, letter, ticket, sender)
    if letter.automatic is Automatic.LIST:
        return _held(Reason.LIST, letter, ticket, sender)
    if ticket.state == State.CLOSED and not sender.is_staff:
        anew = _opened(letter, ticket.organization)
        return anew if anew.remark else _with_remark(anew, "follows-closed")
    raises = (
        not sender.is_staff
        and _is_urgent_in(letter, ticket.organization)
        and ticket.severity != Severity.URGENT
    )
    return Decision(
        Outcome.REPLIED,
        ticket=ticket,
        organization=ticket.organization,
        severity=Severity.URGENT if raises else Severity.NORMAL,
        remark="raised" if raises else "",
    )


def _anew(letter: Letter, sender: Known) -> Decision:
    """From somebody we know, about nothing we know of: a new ticket, if it is clear whose."""
    if sender.is_staff:
        return _held(Reason.STAFF, letter, None, sender)
    candidates = sender.writes_for
    if not candidates:
        if sender.organizations:
            return _held(Reason.MAY_NOT_WRITE, letter, None, sender)
        return Decision(Outcome.ENQUIRY)  # who left is a stranger like any other
    urgent = [one for one in candidates if _is_urgent_in(letter, one)]
    if len(candidates) > 1 and len(urgent) == 1:
        candidates = urgent
    organization = candidates[0] if len(candidates) == 1 else None
    if not letter.proof.is_proven:
        return _unproven(letter, None, sender, organization)
    if letter.automatic is Automatic.LIST:
        return _held(Reason.LIST, letter, None, sender)
    if organization is None:
        return _held(Reason.SEVERAL, letter, None, sender)
    return _opened(letter, organization)


def _opened(letter: Letter, organization: Organization) -> Decision:
    is_urgent = _is_urgent_in(letter, organization)
    remark = ""
    if letter.addressed.urgent and not is_urgent:
        remark = "urgent-elsewhere"
    elif "email" not in organization.entitlements.channels:
        remark = "no-mail-plan"
    severity = Severity.URGENT if is_urgent else Severity.NORMAL
    return Decision(Outcome.OPENED, organization=organization, severity=severity, remark=remark)


def _with_remark(decision: Decision, remark: str) -> Decision:
    return Decision(
        decision.outcome,
        organization=decision.organization,
        severity=decision.severity,
        remark=remark,
    )


def _unproven(
    letter: Letter,
    ticket: Ticket | None,
    sender: Known,
    organization: Organization | None = None,
) -> Decision:
    unanswered = letter.proof.verdict is Verdict.UNANSWERED
    reason = Reason.UNANSWERED if unanswered else Reason.UNPROVEN
    return _held(reason, letter, ticket, sender, organization)


def _held(
    reason: Reason,
    letter: Letter,
    ticket: Ticket | None,
    sender: Known | None,
    organization: Organization | None = None,
) -> Decision:
    """In quarantine; `severity` says whether somebody claims that it is urgent, and might well."""
    if ticket is not None:
        organization = ticket.organization
    is_urgent = sender is not None and reason != Reason.FLOOD and _urgent_for(letter, sender)
    return Decision(
        Outcome.QUARANTINED,
        reason,
        ticket=ticket,
        organization=organization,
        severity=Severity.URGENT if is_urgent else Severity.NORMAL,
    )


def _is_urgent_in(letter: Letter, organization: Organization) -> bool:
    """Whether it came to the urgent mailbox of this organization's plan."""
    return organization.entitlements.urgent_mailbox in letter.addressed.urgent


def _urgent_for(letter: Letter, sender: Known) -> bool:
    return any(_is_urgent_in(letter, one) for one in sender.organizations.values())
