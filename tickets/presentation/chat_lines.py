"""A chat as both sides are shown it: plain text, newest last, with what was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.listing import listed
from accounts.viewer import Viewer
from tickets.chats import presence
from tickets.models import Attachment, Chat, Entry, Promise
from tickets.presentation.ticket_row import TicketRow, ticket_rows
from tickets.presentation.timeline import engineer


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One message. `mine` is of the reader's side; `seen` says the other side has shown it."""

    id: int
    at: dt.datetime
    author: str
    role: str
    by_staff: bool
    mine: bool
    seen: bool
    body: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a page needs of one chat. `people` are names by number, for “… is writing”."""

    chat: Chat
    lines: list[ChatLine]
    row: TicketRow
    unread: int
    other_side: str
    other_is_here: bool
    people: Mapping[str, str]

    @property
    def last(self) -> int:
        return self.lines[-1].id if self.lines else 0

    @property
    def seen_by_other(self) -> int:
        """The last own message the other side has shown; 0 for none."""
        return max((line.id for line in self.lines if line.mine and line.seen), default=0)


def conversation(chat: Chat, viewer: Viewer, now: dt.datetime) -> Conversation:
    """One chat, whose ticket and its organization are at hand. Three queries."""
    entries = Entry.objects.filter(ticket=chat.ticket, kind=Entry.Kind.REPLY)
    promises = Promise.objects.filter(ticket=chat.ticket, state=Promise.State.RUNNING)
    return told(
        chat,
        list(entries.prefetch_related("attachments")),
        promises.select_related("calendar_version"),
        viewer,
        now,
    )


def told(
    chat: Chat,
    entries: Iterable[Entry],
    promises: Iterable[Promise],
    viewer: Viewer,
    now: dt.datetime,
) -> Conversation:
    """The same of rows already read; no query."""
    staff = viewer.is_staff
    read, shown = chat.visitor_read, chat.staff_read
    if staff:
        read, shown = shown, read
    lines = [_line(entry, staff=staff, shown=shown) for entry in entries]
    return Conversation(
        chat=chat,
        lines=lines,
        row=ticket_rows([chat.ticket], promises, now)[0],
        unread=sum(not line.mine and line.id > read for line in lines),
        other_side=_other_side(chat, lines, staff=staff),
        other_is_here=presence.is_here(chat.visitor_seen_at if staff else chat.staff_seen_at, now),
        people=_people(chat, staff=staff),
    )


def _line(entry: Entry, *, staff: bool, shown: int) -> ChatLine:
    return ChatLine(
        id=entry.pk,
        at=entry.at,
        author=entry.author_name,
        role=engineer(entry.author_level) if entry.by_staff else "",
        by_staff=entry.by_staff,
        mine=entry.by_staff == staff,
        seen=entry.pk <= shown,
        body=entry.body,
        files=tuple(entry.attachments.all()),
    )


def _other_side(chat: Chat, lines: Iterable[ChatLine], *, staff: bool) -> str:
    """The visitor's name, or the engineers who joined, else who answered in another way; empty
    while nobody has.
    """
    if staff:
        return chat.visitor_name
    joined = [one["name"] for one in chat.engineers]
    answered = dict.fromkeys(line.author for line in lines if line.by_staff)
    return str(listed(joined or answered))


def _people(chat: Chat, *, staff: bool) -> dict[str, str]:
    """“Li Wei is writing…” for each person who may be, by their number."""
    writing = _("%(name)s is writing…")
    named: list[Any] = [(one["id"], one["name"]) for one in chat.engineers]
    if staff:
        named.append((chat.visitor_id, chat.visitor_name))
    return {str(key): writing % {"name": name} for key, name in named}
