"""Find a ticket by what people remember of it: its number, its subject, its customer."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from django.db.models import Q, QuerySet

from accounts.viewer import Viewer
from tickets import queue
from tickets.models import Ticket
from tickets.row_keys import row_key

_REFERENCE: Final = re.compile(r"^([A-Za-z][A-Za-z0-9]{1,5})-([0-9]{1,9})$")
_NUMBER: Final = re.compile(r"^#?([0-9]{1,9})$")


def by_reference(viewer: Viewer, reference: str) -> QuerySet[Ticket]:
    """The one ticket called STAR-42, in any case of letters; none when it is no such name."""
    tickets = Ticket.objects.visible_to(viewer)
    named = _REFERENCE.match(reference)
    if named is None:
        return tickets.none()
    return tickets.filter(organization__key=named[1].upper(), number=int(named[2]))


def search(viewer: Viewer, text: str) -> QuerySet[Ticket]:
    """All tickets, newest first, whose number, subject or customer's name fits; all without text.

    A NUL byte fits nothing: PostgreSQL keeps none.
    """
    tickets = Ticket.objects.visible_to(viewer).order_by("-pk")
    text = " ".join(text.split())[:200]
    if "\x00" in text:
        return tickets.none()
    if not text:
        return tickets
    fits = Q(subject__icontains=text) | Q(organization__name__icontains=text)
    if named := _REFERENCE.match(text):
        fits |= Q(organization__key=named[1].upper(), number=int(named[2]))
    if numbered := _NUMBER.match(text):
        fits |= Q(number=int(numbered[1]))
    return tickets.filter(fits)


def page(*, viewer: Viewer, text: str, now: dt.datetime, after: str = "") -> queue.QueuePage:
    """One page of what `search` finds, solved tickets too; `after` is the last one's number."""
    tickets = search(viewer, text)
    last = row_key(after)
    if last is not None:
        tickets = tickets.filter(pk__lt=last)
    rows = queue.rows(tickets[: queue.LIMIT + 1], now)
    more = len(rows) > queue.LIMIT
    rows = rows[: queue.LIMIT]
    return queue.QueuePage(rows, str(rows[-1].pk) if more else "")
