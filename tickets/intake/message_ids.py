"""Message-IDs of what we send, made so that a mail that refers to one can be placed.

Each mail carries that of its delivery, which stays the same when it is sent twice. Each mail
about a ticket also refers to that of the ticket, which was never sent: it holds the
conversation together in mail programs, and is signed, so that nobody can refer to a ticket
whose mails they never had.
"""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Delivery

_SALT: Final = "tickets.intake.message_ids"
_MAC_LENGTH: Final = 24
_TICKET: Final = re.compile(r"ticket-([0-9]{1,18})\.([0-9a-f]{24})")
_DELIVERY: Final = re.compile(r"[0-9a-f]{32}")
_KINDS: Final = ("ticket", "enquiry")  # what mails of ours may be answered about
_MOST_REFERENCES: Final = 100  # of one mail that are looked at, the latest first


def of_delivery(delivery_id: uuid.UUID) -> str:
    return f"<{delivery_id.hex}@{settings.MAIL_DOMAIN}>"


def of_ticket(ticket_id: int) -> str:
    return f"<ticket-{ticket_id}.{_mac(ticket_id)}@{settings.MAIL_DOMAIN}>"


def subject_referred_to(references: Iterable[str]) -> str:
    """What the mails of ours that these name are about: "ticket/7", "enquiry/3"; "" for none.

    `references` in the order of the header (RFC 5322), with or without angle brackets; the
    last one that is ours counts. One query at most.
    """
    latest = list(references)[-_MOST_REFERENCES:]
    ours = [local for one in reversed(latest) if (local := _our_local_part(one))]
    deliveries = [uuid.UUID(local) for local in ours if _DELIVERY.fullmatch(local)]
    subjects: dict[str, str] = {}
    if deliveries:
        rows = Delivery.objects.filter(pk__in=deliveries).values_list("pk", "subject")
        subjects = {key.hex: subject for key, subject in rows}
    for local in ours:
        if (found := _TICKET.fullmatch(local)) and hmac.compare_digest(
            found[2], _mac(int(found[1]))
        ):
            return f"ticket/{int(found[1])}"
        subject = subjects.get(local, "")
        if subject.partition("/")[0] in _KINDS:
            return subject
    return ""


def _our_local_part(message_id: str) -> str:
    local, _at, domain = message_id.strip().strip("<>").lower().rpartition("@")
    return local if domain == settings.MAIL_DOMAIN else ""


def _mac(ticket_id: int) -> str:
    return salted_hmac(_SALT, str(ticket_id), algorithm="sha256").hexdigest()[:_MAC_LENGTH]
