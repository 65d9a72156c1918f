"""Whether what a ladder was to bring about is done, or no longer wanted."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tickets import promises
from tickets.models import Entry, Escalation, Handover, Ticket
from tickets.models.ticket import Severity, State

_Reason = Escalation.Reason
FOR_URGENCY: Final = (_Reason.URGENT, _Reason.RAISED, _Reason.REOPENED, _Reason.SILENCE)
FOR_AN_ANSWER: Final = (_Reason.URGENT, _Reason.REOPENED, _Reason.RESPONSE_BREACHED)


def is_moot(ticket: Ticket, reason: Escalation.Reason, *, since: dt.datetime | None = None) -> bool:
    """`since` is when the ladder began to ring, if it did: a word of ours since ends a silence."""
    if not ticket.is_unsolved:
        return True
    if reason == _Reason.HANDOVER:
        return not Handover.objects.standing().filter(ticket=ticket).exists()
    if reason in FOR_URGENCY and ticket.severity != Severity.URGENT:
        return True
    if reason == _Reason.SILENCE:
        return ticket.state == State.WAITING or _wrote_since(ticket, since)
    return reason in FOR_AN_ANSWER and not promises.owes_answer(ticket)


def _wrote_since(ticket: Ticket, since: dt.datetime | None) -> bool:
    if since is None:
        return False
    return Entry.objects.filter(ticket=ticket, by_staff=True, at__gte=since).exists()
