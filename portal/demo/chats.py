"""Two chats that go on while the demo is looked at: one under way, one nobody has taken yet."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from accounts.models import Deadline, Delivery, Organization, User
from accounts.viewer import Viewer
from knowledge.models import Product
from portal.demo.people import read
from portal.demo.story import PAST
from tickets import chats
from tickets.models import Chat
from tickets.models.ticket import Severity


def play_chats(
    organizations: Mapping[str, Organization],
    staff: Mapping[str, User],
    products: Mapping[str, Product],
    now: dt.datetime,
) -> int:
    """Play `chats.json` up to `now`; returns how many tickets that made.

    `opened_ago` and `visitor_seen_ago` are in minutes before loading, `at` in minutes after the
    opening.
    """
    rows = read("chats.json")
    for row in rows:
        opened = now - dt.timedelta(minutes=row["opened_ago"])
        organization = organizations[row["organization"]]
        organization.refresh_from_db()
        visitor = Viewer.of(User.objects.get(email=row["visitor"]))
        first, *further = row["messages"]
        chat = chats.start(
            by=visitor,
            organization=organization,
            body=first["body"],
            severity=Severity(row["severity"]),
            product=products[row["product"]],
            source=Chat.Source(row["source"]),
            came_from=row["came_from"],
            now=opened,
        )
        for message in further:
            by = Viewer.of(staff[message["author"]]) if message["author"] in staff else visitor
            at = opened + dt.timedelta(minutes=message["at"])
            chats.say(chat=chat, by=by, body=message["body"], key=uuid.uuid4(), now=at)
        _settle(chat, now - dt.timedelta(minutes=row["visitor_seen_ago"]), now)
    return len(rows)


def _settle(chat: Chat, seen_at: dt.datetime, now: dt.datetime) -> None:
    """The visitor is still there; who had to be told was told when it happened."""
    Chat.objects.filter(pk=chat.pk).update(visitor_seen_at=seen_at)
    subject = chat.ticket.event_subject
    Deadline.objects.filter(subject=subject, kind__in=PAST).update(settled_at=now)
    Delivery.objects.filter(subject=subject, sent_at=None).update(sent_at=now)
