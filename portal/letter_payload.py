"""What a mail about a ticket carries beside its text, for `portal.senders.mail_headers`."""

from __future__ import annotations

from typing import Any

from accounts import access
from accounts.models import User
from accounts.viewer import Viewer
from tickets.models import Inbound, Ticket


def threaded(ticket: Ticket, reader: User) -> dict[str, Any]:
    """Of any mail about the ticket to that reader; three queries at most.

    Whoever may not write in the ticket is given no address to reply to; engineers, whose work
    these mails are, cannot mute them.
    """
    return {
        "subject": f"[{ticket.reference}] {ticket.subject}",
        "thread": ticket.event_subject,
        "follows": _latest_of_their_own(ticket, reader),
        "reader": reader.pk,
        "label": ticket.reference,
        "language": reader.language,
        "may_answer": access.allows(Viewer.of(reader), "ticket.reply", ticket.organization_id),
        "may_mute": not reader.is_staff,
    }


def _latest_of_their_own(ticket: Ticket, reader: User) -> str:
    """The Message-ID of the reader's latest mail in the ticket, as it came: nobody else's."""
    mails = Inbound.objects.filter(
        ticket=ticket, channel=Inbound.Channel.EMAIL, entry__author=reader
    )
    newest = mails.exclude(message_id="").order_by("-received_at").values_list("message_id")
    found = newest.first()
    return found[0] if found else ""
