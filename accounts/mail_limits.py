"""How many mails of one kind go to one address in 24 hours: what strangers can set off.

Anyone may type anybody's address into a form or forge it as a sender; however often, its owner
gets no more than this. What is over the limit is put down as everything is and cancelled by
the engine before it leaves. What a delivery counts as stands in its key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from enum import StrEnum
from typing import Final

from django.db.models import Q

from accounts.models import Delivery


class Purpose(StrEnum):
    """Why a letter is written."""

    ANSWER = "answer"  # a machine's, to a mail of somebody unknown (RFC 3834)
    STRANGER = "stranger"  # to an address that somebody typed in, and nobody has proven
    INVITATION = "invitation"
    ACCESS = "access"  # to somebody with a login, about it
    OTHER = "letter"  # nobody outside sets it off


MOST: Final = {
    Purpose.ANSWER: 1,
    Purpose.STRANGER: 3,  # so that one that got lost can be asked for again
    Purpose.INVITATION: 3,
    Purpose.ACCESS: 20,
}
PERIOD: Final = dt.timedelta(hours=24)


def key(purpose: Purpose, address: str) -> str:
    """A new delivery's key, which tells its purpose and mailbox and not the address itself."""
    return f"{purpose}:{_mailbox(address)}:{uuid.uuid4()}"


def is_too_many(delivery: Delivery) -> bool:
    """Whether as many as may go have gone, or are about to, in the 24 hours before this one.

    To be asked as the engine, which sees all deliveries.
    """
    purpose, _colon, rest = delivery.key.partition(":")
    most = MOST.get(Purpose(purpose)) if purpose in {*Purpose} else None
    if most is None:
        return False
    mailbox = rest.partition(":")[0]
    earlier = Q(due_at__lt=delivery.due_at) | Q(due_at=delivery.due_at, pk__lt=delivery.pk)
    others = Delivery.objects.filter(
        earlier,
        key__startswith=f"{purpose}:{mailbox}:",
        due_at__gt=delivery.due_at - PERIOD,
        cancelled_at=None,
    )
    return others.count() >= most


def _mailbox(address: str) -> str:
    """One name for all spellings of a mailbox: without case and without what follows a plus."""
    local, _at, domain = address.strip().lower().rpartition("@")
    whole = f"{local.partition('+')[0]}@{domain}"
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
