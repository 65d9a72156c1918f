"""Who is in a chat: engineers join and leave, both sides look, both sides type."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import Viewer
from tickets import lifecycle
from tickets.chats import hints
from tickets.models import Chat, Ticket
from tickets.models.ticket import State


@transaction.atomic
def join(*, chat: Chat, by: Viewer, now: dt.datetime) -> Chat:
    """An engineer comes in, and the visitor is told who. Joining twice changes nothing.

    It counts for nothing else: the response clock stops on what the engineer writes.
    """
    access.require(by, "chat.join", chat.organization_id)
    chat = locked(chat)
    if not add_engineer(chat, by):
        return chat
    chat.staff_seen_at = now
    chat.save(update_fields=["engineers", "staff_seen_at"])
    _record(chat, "chat.joined", by=by, now=now)
    return chat


@transaction.atomic
def end(*, chat: Chat, by: Viewer, solved: bool, now: dt.datetime) -> Chat:
    """Leave the chat for good; `solved` also ends the ticket, else it goes on as it is.

    A visitor who says it is solved closes the ticket, an engineer resolves it. Ending a chat
    that has ended changes nothing.
    """
    access.require(by, "chat.end", chat.organization_id)
    ticket, chat = locked_with_ticket(chat)
    _require_part(chat, by)
    if chat.has_ended:
        return chat
    if solved and ticket.state not in (State.RESOLVED, State.CLOSED):
        finish = lifecycle.resolve if by.is_person_of_staff else lifecycle.close
        finish(ticket=ticket, by=by, now=now)
    chat.ended_at = now
    chat.save(update_fields=["ended_at"])
    _record(chat, "chat.ended", by=by, now=now, solved=solved)
    return chat


@transaction.atomic
def be_here(*, chat: Chat, by: Viewer, read: int, now: dt.datetime) -> None:
    """That side's page is open and shows everything up to the entry `read`.

    No event: it happens every few seconds, and says nothing that lasts.
    """
    _require_part(chat, by)
    side = "staff" if by.is_staff else "visitor"
    # Locked like this, the last of two pages of one side cannot take back what the first has read.
    chat = locked(chat)
    newest = chat.ticket.entries.order_by("-pk").values_list("pk", flat=True).first() or 0
    before = getattr(chat, f"{side}_read")
    seen = max(before, min(read, newest))
    setattr(chat, f"{side}_read", seen)
    setattr(chat, f"{side}_seen_at", now)
    chat.save(update_fields=[f"{side}_read", f"{side}_seen_at"])
    if seen > before:
        hints.changed(chat.ticket)


def type_in(*, chat: Chat, by: Viewer) -> None:
    """Let the other side's open pages show for a moment that somebody is writing."""
    access.require(by, "ticket.reply", chat.organization_id)
    _require_part(chat, by)
    if by.user is not None and not chat.has_ended:
        hints.types(chat.ticket, by.user.pk)


def locked_with_ticket(chat: Chat) -> tuple[Ticket, Chat]:
    """The ticket the chat is in by now, and the chat, both locked until the transaction ends."""
    ticket = lifecycle.locked_where(
        Chat.objects.filter(pk=chat.pk).values_list("ticket", flat=True).get
    )
    return ticket, locked(chat)


def locked(chat: Chat) -> Chat:
    """The chat as it is now, locked until the transaction ends; always after its ticket."""
    rows = Chat.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("ticket", "origin").get(pk=chat.pk)


def add_engineer(chat: Chat, by: Viewer) -> bool:
    """Put an engineer on the list of those in the chat; whether they were not on it yet."""
    if by.user is None or any(one["id"] == by.user.pk for one in chat.engineers):
        return False
    chat.engineers = [*chat.engineers, {"id": by.user.pk, "name": by.name, "level": by.level}]
    return True


def _require_part(chat: Chat, by: Viewer) -> None:
    if by.is_staff or (by.user is not None and by.user.pk == chat.visitor_id):
        return
    raise PermissionDenied(_("This is somebody else's chat."))


def _record(chat: Chat, verb: str, *, by: Viewer, now: dt.datetime, **data: bool) -> None:
    events.record(
        verb=verb,
        subject=chat.ticket.event_subject,
        by=by,
        at=now,
        organization_id=chat.organization_id,
        chat=chat.pk,
        **data,
    )
