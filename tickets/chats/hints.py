"""Tell open pages what is no event: somebody types or replies, somebody has seen a message.

A hint is a bare notification to the live stream, sent when the transaction commits. It names
ticket, organization and person and holds no text; it is written nowhere, and whoever does not
hear it misses nothing that the next look at the page would not show.
"""

from __future__ import annotations

import json
from typing import Final

from django.db import connection

from tickets.models import Ticket

CHANNEL: Final = "vigil_chat"


def changed(ticket: Ticket) -> None:
    """Have the pages that show this ticket's chat fetch it again."""
    _notify(ticket, {})


def types(ticket: Ticket, person: int) -> None:
    """That person is typing in this ticket's chat."""
    _notify(ticket, {"person": person})


def replies(ticket: Ticket, person: int) -> None:
    """That engineer has a reply to this ticket in hand; only staff are told."""
    _notify(ticket, {"person": person, "staff_only": True})


def _notify(ticket: Ticket, more: dict[str, int]) -> None:
    told = {"organization": ticket.organization_id, "ticket": ticket.pk} | more
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(told)])
