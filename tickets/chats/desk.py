"""The chats engineers have open at once, read in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from accounts.viewer import Viewer
from tickets import queue
from tickets.chats import presence
from tickets.models import Chat, Entry, Promise
from tickets.models.ticket import State

LIMIT: Final = 50
PREVIEW: Final = 120  # characters of the last message


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One open chat. `waiting_since` (UTC) is the oldest message nobody has answered."""

    reference: str
    visitor_name: str
    organization_name: str
    subject: str
    severity: str
    state: str
    preview: str
    unread: int
    waiting_since: dt.datetime | None
    visitor_is_here: bool
    engineers: str
    kind: str
    due_at: dt.datetime | None
    tone: str
    due_soon: bool

    @property
    def counts_down(self) -> bool:
        return bool(self.tone) or self.due_soon


def unread(viewer: Viewer, now: dt.datetime) -> QuerySet[Chat]:
    """Open chats with something from the visitor that no engineer has seen."""
    return _open(viewer, now).filter(Exists(_unseen()))


def rows(viewer: Viewer, now: dt.datetime) -> list[ChatRow]:
    """The open chats by time left to the nearest promise, those without one last. One query."""
    running = Promise.objects.filter(ticket=OuterRef("ticket"), state=Promise.State.RUNNING)
    nearest = running.order_by("due_at", "pk")
    replies = Entry.objects.filter(ticket=OuterRef("ticket"), kind=Entry.Kind.REPLY)
    answer = replies.filter(by_staff=True).order_by("-pk").values("pk")[:1]
    number = _unseen().order_by().values("ticket").annotate(count=Count("pk")).values("count")
    found = (
        _open(viewer, now)
        .select_related("ticket__organization")
        .annotate(
            unread_count=Coalesce(Subquery(number, output_field=IntegerField()), 0),
            answered=Coalesce(Subquery(answer), 0),
            preview=Left(Subquery(replies.order_by("-pk").values("body")[:1]), PREVIEW),
            due_at=Subquery(nearest.values("due_at")[:1]),
            at_risk_at=Subquery(nearest.values("at_risk_at")[:1]),
            promise_kind=Subquery(nearest.values("kind")[:1]),
        )
        .annotate(
            waiting_since=Subquery(
                Entry.objects.filter(
                    ticket=OuterRef("ticket"),
                    kind=Entry.Kind.REPLY,
                    by_staff=False,
                    pk__gt=OuterRef("answered"),
                )
                .order_by("pk")
                .values("at")[:1]
            )
        )
        .order_by(F("due_at").asc(nulls_last=True), F("waiting_since").asc(nulls_last=True), "pk")
    )
    return [_row(chat, now) for chat in found[:LIMIT]]


def chosen(viewer: Viewer, references: Sequence[str]) -> list[Chat]:
    """The chats of these tickets in this order, ended ones too; what is none is left out."""
    named: dict[tuple[str, int], int] = {}
    for reference in references:
        key, _dash, number = reference.partition("-")
        if number.isascii() and number.isdecimal() and len(number) <= 9:
            named[key, int(number)] = len(named)
    found = (
        Chat.objects.visible_to(viewer)
        .filter(
            organization__key__in=[key for key, _number in named],
            ticket__number__in=[number for _key, number in named],
        )
        .select_related("ticket__organization", "ticket__product")
    )
    newest = found.order_by(F("ended_at").desc(nulls_first=True), "-pk")
    placed: dict[int, Chat] = {}
    for chat in newest:
        place = named.get((chat.ticket.organization.key, chat.ticket.number))
        if place is not None:
            placed.setdefault(place, chat)
    return [placed[place] for place in sorted(placed)]


def _open(viewer: Viewer, now: dt.datetime) -> QuerySet[Chat]:
    """Those nobody ended, but for solved ones whose visitor has left: they need nobody."""
    return (
        Chat.objects.visible_to(viewer)
        .open()
        .exclude(
            ticket__state__in=(State.RESOLVED, State.CLOSED),
            visitor_seen_at__lte=now - presence.LEFT_AFTER,
        )
    )


def _unseen() -> QuerySet[Entry]:
    return Entry.objects.filter(
        ticket=OuterRef("ticket"),
        kind=Entry.Kind.REPLY,
        by_staff=False,
        pk__gt=OuterRef("staff_read"),
    )


def _row(chat: Any, now: dt.datetime) -> ChatRow:
    ticket = chat.ticket
    return ChatRow(
        reference=ticket.reference,
        visitor_name=chat.visitor_name,
        organization_name=ticket.organization.name,
        subject=ticket.subject,
        severity=ticket.severity,
        state=ticket.state,
        preview=chat.preview or "",
        unread=chat.unread_count,
        waiting_since=chat.waiting_since,
        visitor_is_here=presence.is_here(chat.visitor_seen_at, now),
        engineers=", ".join(one["name"] for one in chat.engineers),
        kind=chat.promise_kind or "",
        due_at=chat.due_at,
        tone=queue.tone(chat.due_at, chat.at_risk_at, now),
        due_soon=chat.due_at is not None and chat.due_at - now < queue.SECONDS_MATTER,
    )
