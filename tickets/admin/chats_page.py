"""Several chats at once: the open ones by time left, and those chosen side by side."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from tickets import attachments
from tickets.admin.frame import frame
from tickets.chats import desk, presence
from tickets.models import Chat, Entry, Promise
from tickets.presentation.chat_lines import Conversation, told
from tickets.row_keys import row_key

SIDE_BY_SIDE: Final = 3


@require_safe
def chats_view(request: TenantRequest) -> HttpResponse:
    return show(request)


@require_safe
def chats_live(request: TenantRequest) -> HttpResponse:
    """The list alone."""
    return render(request, "tickets/_chat_list.html", listing(request, opened(request)))


@require_safe
def chat_live(request: TenantRequest, reference: str) -> HttpResponse:
    """One conversation alone."""
    return conversation_part(request, chat_of(request, reference))


def conversation_part(request: TenantRequest, chat: Chat) -> HttpResponse:
    return render(request, "chat/_log.html", _columns(request, [chat])[0])


def show(
    request: TenantRequest,
    *,
    refused: Mapping[int, Mapping[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `refused` are messages sent back, by their chat: text, problems, files."""
    chosen = desk.chosen(request.viewer, opened(request))
    columns = _columns(request, chosen)
    for column in columns:
        column |= (refused or {}).get(column["chat"].pk, {})
    context = listing(request, [chat.ticket.reference for chat in chosen])
    context |= frame(request, "chats") | {"columns": columns}
    return render(request, "tickets/chats.html", context, status=status)


def opened(request: TenantRequest) -> list[str]:
    """The references in the address, at most three."""
    return list(dict.fromkeys(request.GET.getlist("open")))[-SIDE_BY_SIDE:]


def listing(request: TenantRequest, chosen: list[str]) -> dict[str, Any]:
    """What the list needs: each row leads to itself beside those already open."""
    rows = desk.rows(request.viewer, request.now)
    return {
        "rows": [(row, row.reference in chosen, _with(chosen, row.reference)) for row in rows],
        "live_query": urlencode({"open": chosen}, doseq=True),
    }


def chat_of(request: TenantRequest, reference: str) -> Chat:
    """The chat in that ticket; otherwise 404."""
    key, _dash, digits = reference.partition("-")
    number = row_key(digits)
    if number is None:
        raise Http404
    found = Chat.objects.visible_to(request.viewer).in_ticket(key, number)
    chat = found.select_related("ticket__organization", "ticket__product").first()
    if chat is None:
        raise Http404
    return chat


def _columns(request: TenantRequest, chosen: list[Chat]) -> list[dict[str, Any]]:
    """What the templates of each conversation need: three queries for all."""
    references = [chat.ticket.reference for chat in chosen]
    entries: dict[int, list[Entry]] = {chat.ticket_id: [] for chat in chosen}
    promises: dict[int, list[Promise]] = {chat.ticket_id: [] for chat in chosen}
    written = Entry.objects.filter(ticket__in=entries, kind=Entry.Kind.REPLY)
    for entry in written.prefetch_related("attachments"):
        entries[entry.ticket_id].append(entry)
    running = Promise.objects.filter(ticket__in=promises, state=Promise.State.RUNNING)
    for promise in running.select_related("calendar_version"):
        promises[promise.ticket_id].append(promise)
    return [
        _column(request, chat, references, entries[chat.ticket_id], promises[chat.ticket_id])
        for chat in chosen
    ]


def _column(
    request: TenantRequest,
    chat: Chat,
    references: list[str],
    entries: list[Entry],
    promises: list[Promise],
) -> dict[str, Any]:
    reference = chat.ticket.reference
    talk: Conversation = told(chat, entries, promises, request.viewer, request.now)
    names = ("live", "say", "here", "typing", "join", "end")
    asked = urlencode({"open": references}, doseq=True)
    urls = {name: reverse(f"admin:chat_{name}", args=[reference]) for name in names}
    for name in ("say", "join", "end"):
        urls[name] += f"?{asked}"  # to come back to the same chats side by side
    me = request.viewer.user
    return {
        "talk": talk,
        "chat": chat,
        "urls": urls,
        "key": uuid.uuid4(),
        "joined": any(one["id"] == (me.pk if me else None) for one in chat.engineers),
        "close": _without(references, reference),
        "chat_end": "tickets/_chat_foot.html",
        "may_write": True,
        "attachment_url": "admin:attachment",
        "beat_seconds": presence.BEAT_SECONDS,
        "max_bytes": attachments.MAX_BYTES,
        "text": "",
        "problems": (),
        "files": None,
        "is_widget": False,
    }


def _with(chosen: list[str], reference: str) -> str:
    """The address with this chat open too; the one opened first makes room."""
    others = [one for one in chosen if one != reference]
    return _address([*others, reference][-SIDE_BY_SIDE:])


def _without(chosen: list[str], reference: str) -> str:
    return _address([one for one in chosen if one != reference])


def _address(references: list[str]) -> str:
    return f"{reverse('admin:chats')}?{urlencode({'open': references}, doseq=True)}"
