"""Replies in a chat go by mail only to whoever is not there to read them.

While a side is in the chat its mails are held back; a deadline looks again when that side
would count as having left, and then sends what it has not seen, in one mail.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q, QuerySet

from accounts import agenda
from accounts.models import Deadline, Event, User
from portal import letters, recipients, wanted_mails
from portal.recipients import Case
from tickets.chats import presence
from tickets.models import Chat, Entry, Join

KIND: Final = "chat.unread"
VISITOR, STAFF = "visitor", "staff"


def hold(case: Case, people: list[User]) -> list[User]:
    """Those of `people` to be told of a reply by mail now; the others are looked after later."""
    if case.event.verb != "ticket.replied":
        return people
    chats = Chat.objects.select_for_update(no_key=True).filter(ticket=case.ticket)
    for chat in chats.order_by("-pk") if case.by_staff else chats.order_by("-pk")[:1]:
        people = _held(chat, case, people)
    return people


def _held(chat: Chat, case: Case, people: list[User]) -> list[User]:
    side = VISITOR if case.by_staff else STAFF
    entry = int(case.event.data["entry"])
    missed = [one.pk for one in _missed(chat, side)]
    if missed == [entry] and presence.has_left(_seen_at(chat, side), case.now):
        _mailed(chat, side, entry)
        return people
    if missed:  # also while somebody is gone: several at once are one mail
        _look_again(chat, side, entry, case.now)
    if side == STAFF:
        return []
    return [person for person in people if person.pk != chat.visitor_id]


def unread(row: Deadline, now: dt.datetime) -> None:
    """Send what a side has not seen, once it is gone; look again later while it is there."""
    side = str(row.data["side"])
    chats = Chat.objects.select_for_update(of=("self",), no_key=True)
    chat = chats.select_related("ticket__organization").get(pk=row.data["chat"])
    missed = _missed(chat, side)
    if not missed:
        return
    last = missed[-1]
    if not presence.has_left(_seen_at(chat, side), now):
        _look_again(chat, side, last.pk, now)
        return
    event = _written_by(chat, last)
    case = Case(event=event, ticket=chat.ticket, now=now)
    for person in wanted_mails.those_who_want("chat_unread", case, _readers(chat, side, case)):
        key = f"chat-unread:{chat.pk}:{last.pk}:{person.pk}"
        letters.write("chat_unread", case, person, key=key, missed=missed)
    _mailed(chat, side, last.pk)


def _written_by(chat: Chat, entry: Entry) -> Event:
    """The event of what was written: on the ticket it was written in, which may be part of this
    one by now, or this one have been part of it.
    """
    places = [chat.ticket, *([entry.origin] if entry.origin else [])]
    places += [join.kept for join in _ended_joins(chat).select_related("kept")]
    subjects = [place.event_subject for place in places]
    return Event.objects.get(
        subject__in=subjects,
        organization=chat.organization_id,
        verb__in=("ticket.replied", "ticket.opened"),
        data__entry=entry.pk,
    )


def _readers(chat: Chat, side: str, case: Case) -> list[User]:
    if side == STAFF:
        return recipients.responsible(case)
    return recipients.reachable(chat.ticket, [chat.visitor_id])


def _missed(chat: Chat, side: str) -> list[Entry]:
    """Replies of the other side that were neither shown nor sent, oldest first."""
    seen = max(getattr(chat, f"{side}_read"), getattr(chat, f"{side}_mailed"))
    replies = Entry.objects.filter(
        _was_shown(chat), kind=Entry.Kind.REPLY, by_staff=side == VISITOR, pk__gt=seen
    )
    return list(replies.order_by("pk"))


def _was_shown(chat: Chat) -> Q:
    """What stands in the chat, and what stood there while its ticket was part of another one."""
    shown = Q(ticket=chat.ticket_id)
    for join in _ended_joins(chat):
        shown |= Q(ticket=join.kept_id, at__range=(join.at, join.ended_at))
    return shown


def _ended_joins(chat: Chat) -> QuerySet[Join]:
    return Join.objects.filter(joined=chat.ticket_id, declined=False, ended_at__isnull=False)


def _seen_at(chat: Chat, side: str) -> dt.datetime | None:
    seen_at: dt.datetime | None = getattr(chat, f"{side}_seen_at")
    return seen_at


def _mailed(chat: Chat, side: str, entry: int) -> None:
    setattr(chat, f"{side}_mailed", max(entry, getattr(chat, f"{side}_mailed")))
    chat.save(update_fields=[f"{side}_mailed"])


def _look_again(chat: Chat, side: str, entry: int, now: dt.datetime) -> None:
    """When that side will have left, unless its page says meanwhile that it is open."""
    due_at = presence.left_at(_seen_at(chat, side)) or now
    agenda.schedule(
        kind=KIND,
        key=f"{KIND}:{chat.pk}:{side}:{entry}:{due_at.isoformat()}",
        due_at=due_at,
        subject=chat.ticket.event_subject,
        organization_id=chat.organization_id,
        chat=chat.pk,
        side=side,
    )
