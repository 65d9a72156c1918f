"""What an engineer does in a chat: one address and one verb each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import TenantRequest
from tickets import attachments, chats
from tickets.admin.chats_page import chat_of, conversation_part, show
from tickets.admin.forms import FilesField, IdsField
from tickets.chats import presence
from tickets.models import Attachment, Chat
from tickets.row_keys import row_key


class ChatMessageForm(forms.Form):
    """`key` is the page's own mark of this message; `kept` are drafts of an earlier try."""

    body = forms.CharField(required=False, strip=False)
    key = forms.UUIDField()
    files = FilesField(required=False)  # type: ignore[assignment]
    kept = IdsField(required=False)


@dataclass(slots=True)
class Kept:
    """Files of a message sent back: they wait as drafts to go with the next try."""

    drafts: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@require_POST
def say(request: TenantRequest, reference: str) -> HttpResponse:
    """Write to the visitor; what cannot be sent comes back as it was typed."""
    chat, form = chat_of(request, reference), ChatMessageForm(request.POST, request.FILES)
    kept = Kept()
    try:
        form.full_clean()
        kept.drafts = _drafts(request, chat, form)
        if form.errors:
            raise ValidationError([one for errors in form.errors.values() for one in errors])
        chats.say(
            chat=chat,
            by=request.viewer,
            body=form.cleaned_data["body"],
            key=form.cleaned_data["key"],
            attachment_ids=[draft.pk for draft in kept.drafts],
            now=request.now,
        )
    except ValidationError as error:
        key = form.data["key"] if "key" in form.data and "key" not in form.errors else None
        return _refuse(request, chat, kept, error, key=key)
    if _is_fetched(request):
        chat.refresh_from_db()
        return conversation_part(request, chat)
    messages.success(request, _("Sent."), extra_tags=f"chat-{chat.ticket_id}")
    return _back(request)


@require_POST
def here(request: TenantRequest, reference: str) -> HttpResponse:
    """The conversation is open and seen up to `read`."""
    read = row_key(request.POST.get("read", "")) or 0
    chats.be_here(chat=chat_of(request, reference), by=request.viewer, read=read, now=request.now)
    return HttpResponse(status=204)


@require_POST
def typing(request: TenantRequest, reference: str) -> HttpResponse:
    """Shown to the visitor for a moment, at most every two seconds; who types has joined."""
    chat = chat_of(request, reference)
    if cache.add(
        f"typing:{chat.pk}:{request.user.pk}", True, timeout=presence.TYPING_EVERY_SECONDS
    ):
        chats.join(chat=chat, by=request.viewer, now=request.now)
        chats.type_in(chat=chat, by=request.viewer)
    return HttpResponse(status=204)


@require_POST
def join(request: TenantRequest, reference: str) -> HttpResponse:
    chats.join(chat=chat_of(request, reference), by=request.viewer, now=request.now)
    return _back(request)


@require_POST
def end(request: TenantRequest, reference: str) -> HttpResponse:
    """`solved` is "yes" or "no": whether the ticket ends with the chat is always said."""
    chat, answer = chat_of(request, reference), request.POST.get("solved", "")
    if answer not in ("yes", "no"):
        messages.error(request, _("Say whether the ticket is solved or goes on."))
        return _back(request)
    try:
        chats.end(chat=chat, by=request.viewer, solved=answer == "yes", now=request.now)
    except ValidationError as error:
        messages.error(request, f"{chat.ticket.reference}: {' '.join(error.messages)}")
    else:
        told = _("%(ticket)s: the chat has ended.") % {"ticket": chat.ticket.reference}
        messages.success(request, told)
    return _back(request)


def _drafts(request: TenantRequest, chat: Chat, form: ChatMessageForm) -> list[Attachment]:
    """Those kept from before that are the writer's own, and those just uploaded."""
    ids: list[uuid.UUID] = form.cleaned_data.get("kept", [])
    own = Attachment.objects.visible_to(request.viewer).filter(
        pk__in=ids, organization=chat.organization_id, entry=None, uploader=request.viewer.user
    )
    arrived = [
        attachments.keep(
            by=request.viewer,
            organization_id=chat.organization_id,
            upload=upload,
            now=request.now,
        )
        for upload in form.cleaned_data.get("files", ())
    ]
    return [*own, *arrived]


def _refuse(
    request: TenantRequest, chat: Chat, kept: Kept, error: ValidationError, *, key: str | None
) -> HttpResponse:
    too_large = any(one.code == "too_large" for one in _flat(error))
    status = 413 if too_large else 409 if getattr(error, "code", "") == "wrong_state" else 422
    if _is_fetched(request):
        return JsonResponse({"errors": error.messages}, status=status)
    sent_back: dict[str, Any] = {
        "text": request.POST.get("body", ""),
        "problems": error.messages,
        "files": kept,
    }
    if key is not None:
        sent_back["key"] = key  # tried again, it is still the same message
    return show(request, refused={chat.pk: sent_back}, status=status)


def _flat(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return list(error.error_list)


def _is_fetched(request: TenantRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _back(request: TenantRequest) -> HttpResponse:
    return redirect(f"{reverse('admin:chats')}?{request.GET.urlencode()}")
