"""Copies of one mail that wait in quarantine settle themselves once it was taken in.

A forwarder may break a mail's signature while the same mail comes proven by another way: then
nobody need place the first. A copy waits on where it asks for more than was done: where it came
to an urgent address and the one taken did not, or to the reply address of another ticket.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from accounts import events
from accounts.viewer import SYSTEM
from tickets import joining
from tickets.intake import mailboxes
from tickets.models import Inbound, Ticket

REMARK: Final = "copy-taken"
MOST: Final = 20  # at once; who has more of one mail settles them by the next


def lock(message_id: str) -> None:
    """Let none of this Message-ID be settled by others meanwhile. It comes before locks of rows."""
    if message_id:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [message_id])


def settle(taken: Inbound, *, now: dt.datetime) -> None:
    """Call those of the same Message-ID that say the same, and wait, copies of `taken`.

    The Message-ID is locked.
    """
    if not taken.message_id or not taken.data.get("content"):
        return
    waiting = Inbound.objects.filter(
        channel=Inbound.Channel.EMAIL,
        message_id=taken.message_id,
        outcome=Inbound.Outcome.QUARANTINED,
        data__content=taken.data["content"],
    ).exclude(pk=taken.pk)
    for copy in waiting.select_for_update(of=("self",)).defer("raw").order_by("pk")[:MOST]:
        if _asks_no_more(copy, taken):
            _settle(copy, taken, now=now)


def _settle(copy: Inbound, taken: Inbound, *, now: dt.datetime) -> None:
    """Its reason stays in it: why it had waited."""
    copy.outcome, copy.handled_at = Inbound.Outcome.DUPLICATE, now
    copy.organization_id, copy.ticket_id = taken.organization_id, taken.ticket_id
    copy.data |= {"remark": REMARK, "twin": str(taken.pk)}
    if "enquiry" in taken.data:
        copy.data["enquiry"] = taken.data["enquiry"]
    copy.save(update_fields=["outcome", "handled_at", "organization", "ticket", "data"])
    events.record(
        verb="mail.copy_settled",
        subject=f"mail/{copy.pk}",
        by=SYSTEM,
        at=now,
        organization_id=None,
        internal=True,
        taken=str(taken.pk),
        reason=copy.reason,
    )


def _asks_no_more(copy: Inbound, taken: Inbound) -> bool:
    if copy.is_urgent and not taken.is_urgent:
        return False
    invited = mailboxes.addressed(copy.envelope.get("recipients", [])).invited
    if not invited:
        return True
    if taken.ticket_id is None:
        return False
    tickets = Ticket.objects.filter(pk__in=(invited[0].ticket_id, taken.ticket_id))
    return len({joining.current(one).pk for one in tickets}) == 1
