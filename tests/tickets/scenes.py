"""Small words the tests of the verbs share."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from accounts.models import Deadline, Event
from accounts.viewer import Viewer
from tests.factories import NOON
from tickets import lifecycle
from tickets.models import Entry, Promise, Ticket


def after(minutes: float) -> dt.datetime:
    """So many minutes after noon."""
    return NOON + dt.timedelta(minutes=minutes)


def promise(ticket: Ticket, kind: str) -> Promise:
    """The youngest promise of that kind."""
    return Promise.objects.filter(ticket=ticket, kind=kind).latest("id")


def answer(cast: SimpleNamespace, ticket: Ticket, at: dt.datetime, **more: Any) -> Entry:
    """The engineer writes to the customer."""
    return lifecycle.reply(
        ticket=ticket, by=Viewer.of(cast.engineer), body="On it.", now=at, **more
    )


def write(cast: SimpleNamespace, ticket: Ticket, at: dt.datetime) -> Entry:
    """The customer's developer writes."""
    return lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Still.", now=at)


def deadlines(subject: str, kind: str = "promise.due") -> list[dt.datetime]:
    """When the open deadlines of that kind about that subject are due."""
    rows = Deadline.objects.filter(subject=subject, kind=kind, settled_at=None, failed_at=None)
    return list(rows.order_by("due_at").values_list("due_at", flat=True))


def verbs(ticket: Ticket) -> list[str]:
    """What the event log says of the ticket, oldest first."""
    return list(Event.objects.about(ticket.event_subject).values_list("verb", flat=True))
