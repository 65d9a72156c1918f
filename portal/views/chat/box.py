"""The chat as its visitor sees it: who is on duty, the conversation, or the form to begin one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access
from portal.views import drafts, uploads
from portal.views.chat import door
from portal.views.members import MemberRequest
from tickets import attachments, policies
from tickets.chats import presence
from tickets.chats.talking import CHANNEL_OF_PLANS
from tickets.models import Chat
from tickets.models.ticket import Severity
from tickets.oncall import duty
from tickets.presentation.chat_lines import conversation
from tickets.presentation.severity_choices import answer_promise, severity_choices

# An ended chat is shown for so long, so that its last words can be read again.
STAYS_FOR: Final = dt.timedelta(hours=1)

# What a form is shown with when nothing was sent back.
_EMPTY: Final = {"text": "", "problems": (), "files": None, "max_bytes": attachments.MAX_BYTES}


@require_safe
def page(request: MemberRequest) -> HttpResponse:
    """The chat as a page of its own, which needs no script."""
    return show(request, finished_draft=drafts.take_finished(request))


@require_safe
def box(request: MemberRequest) -> HttpResponse:
    """What stands in the panel, or in the widget."""
    return render(request, "chat/_box.html", box_of(request))


@require_safe
def live(request: MemberRequest, reference: str) -> HttpResponse:
    """The conversation alone, fetched again when something changed."""
    return conversation_part(request, door.chat_of(request, reference))


def conversation_part(request: MemberRequest, chat: Chat) -> HttpResponse:
    return render(request, "chat/_log.html", conversation_of(request, chat))


def show(
    request: MemberRequest,
    *,
    text: str = "",
    problems: list[str] | None = None,
    files: uploads.Uploads | None = None,
    severity: str = Severity.NORMAL,
    status: int = 200,
    finished_draft: str = "",
    **keys: str,
) -> HttpResponse:
    """The whole page; after a refusal with what was typed and why it did not go through.

    `keys` are the marks of a message that was sent back: `key` or `submission`.
    """
    context = box_of(request) | {"text": text, "problems": problems or [], "chosen": severity}
    context |= {"files": files or uploads.Uploads(), "finished_draft": finished_draft} | keys
    return render(request, "chat/page.html", context, status=status)


def box_of(request: MemberRequest) -> dict[str, Any]:
    """At most eight queries: the chat and its lines, or what is promised; and who is on duty."""
    viewer, organization, now = request.viewer, request.organization, request.now
    chat = _shown(request)
    context: dict[str, Any] = {
        "box": door.address(request, "box"),
        "is_widget": door.is_widget(request),
        "on_duty": _on_duty(now),
        **_EMPTY,
    }
    if chat is not None:
        return context | conversation_of(request, chat)
    promised = policies.of_plan(organization.plan, now)
    usual = promised.get(Severity.NORMAL)
    return context | {
        "chat": None,
        "has_chat": CHANNEL_OF_PLANS in organization.entitlements.channels,
        "may_write": access.allows(viewer, "ticket.open", organization.pk),
        "plan": organization.entitlements,
        "promise": answer_promise(usual) if usual else "",
        "severities": severity_choices(promised),
        "chosen": Severity.NORMAL.value,
        "submission": uuid.uuid4(),
        "start": door.address(request, "start"),
    }


def conversation_of(request: MemberRequest, chat: Chat) -> dict[str, Any]:
    """What the templates of a conversation need. Three queries."""
    reference = chat.ticket.reference
    names = ("live", "say", "here", "typing", "end")
    return {
        "talk": conversation(chat, request.viewer, request.now),
        "chat": chat,
        "is_widget": door.is_widget(request),
        "urls": {name: door.address(request, name, reference) for name in names},
        "box": door.address(request, "box"),
        "may_write": access.allows(request.viewer, "ticket.reply", chat.organization_id),
        "attachment_url": "widget:chat_file" if door.is_widget(request) else "portal:attachment",
        "key": uuid.uuid4(),
        "beat_seconds": presence.BEAT_SECONDS,
        "chat_end": "chat/_end.html",
        **_EMPTY,
    }


def _shown(request: MemberRequest) -> Chat | None:
    """The newest chat while it goes on, and for a while after it ended unless a new one is asked.

    One whose ticket was closed has ended; beside one that is solved a new one may be asked for.
    """
    mine = Chat.objects.visible_to(request.viewer).filter(organization=request.organization)
    newest = mine.select_related("ticket__organization", "ticket__product").order_by("-pk").first()
    if newest is None or ("new" in request.GET and _is_done(newest)):
        return None
    over_since = newest.over_since
    is_past = over_since is not None and over_since < request.now - STAYS_FOR
    return None if is_past else newest


def _is_done(chat: Chat) -> bool:
    return chat.has_ended or not chat.ticket.is_unsolved


def _on_duty(now: dt.datetime) -> list[str]:
    """Who answers now: those of the first rosters, each once."""
    names = [shift.person.name for shift in duty.now_on_duty(now, duty.front_line())]
    return list(dict.fromkeys(names))
