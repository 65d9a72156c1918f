"""Begin a chat, say something in it, end it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import access
from portal.views import drafts, uploads
from portal.views.chat import door, pace
from portal.views.chat.box import box_of, conversation_part, show
from portal.views.members import MemberRequest
from portal.views.uploads import Uploads
from tickets import chats
from tickets.models import Chat
from tickets.models.ticket import Severity

START_DRAFT = "chat-start"


class StartForm(forms.Form):
    """The first message; `submission` makes a second click begin no second chat."""

    body = forms.CharField(strip=False, required=False)
    severity = forms.ChoiceField(
        choices=Severity.choices,
        error_messages={
            "required": _("Choose what comes closest."),
            "invalid_choice": _("Choose what comes closest."),
        },
    )
    submission = forms.UUIDField(required=False)
    page = forms.CharField(required=False)


class MessageForm(forms.Form):
    """`key` is the page's own mark of this message: sent again, it is not written again."""

    body = forms.CharField(strip=False, required=False)
    key = forms.UUIDField(
        error_messages={
            "required": _("This message has no mark of its own. Reload the page."),
            "invalid": _("This message has no mark of its own. Reload the page."),
        }
    )


@require_POST
def start(request: MemberRequest) -> HttpResponse:
    """The first message: a ticket, and the chat in it."""
    access.require(request.viewer, "ticket.open", request.organization.pk)
    data = request.POST.copy()
    data.setdefault("severity", Severity.NORMAL.value)
    form, files = StartForm(data), uploads.take(request, request.organization)
    try:
        if not pace.allows(request, pace.Messages):
            raise pace.too_often()
        _check(form, files)
        chats.start(
            by=request.viewer,
            organization=request.organization,
            body=form.cleaned_data["body"],
            severity=Severity(form.cleaned_data["severity"]),
            source=door.source(request),
            came_from=form.cleaned_data["page"],
            attachment_ids=files.ids,
            submission=form.cleaned_data["submission"] or uuid.uuid4(),
            now=request.now,
        )
    except ValidationError as error:
        return _refuse(request, form, files, error)
    if door.is_fetched(request):
        return render(request, "chat/_box.html", box_of(request))
    drafts.finished(request, START_DRAFT)
    return redirect("portal:chat")


@require_POST
def say(request: MemberRequest, reference: str) -> HttpResponse:
    """One message. What cannot be sent comes back with text and files."""
    chat = door.chat_of(request, reference)
    access.require(request.viewer, "ticket.reply", chat.organization_id)
    form, files = MessageForm(request.POST), uploads.take(request, request.organization)
    try:
        if not pace.allows(request, pace.Messages):
            raise pace.too_often()
        _check(form, files)
        chats.say(
            chat=chat,
            by=request.viewer,
            body=form.cleaned_data["body"],
            key=form.cleaned_data["key"],
            attachment_ids=files.ids,
            now=request.now,
        )
    except ValidationError as error:
        return _refuse(request, form, files, error)
    if door.is_fetched(request):
        chat.refresh_from_db()
        return conversation_part(request, chat)
    drafts.finished(request, f"chat-{chat.ticket_id}")
    return redirect("portal:chat")


@require_POST
def end(request: MemberRequest, reference: str) -> HttpResponse:
    """The visitor leaves; with `solved` the ticket is closed too."""
    chat: Chat = door.chat_of(request, reference)
    solved = request.POST.get("solved") == "yes"
    chats.end(chat=chat, by=request.viewer, solved=solved, now=request.now)
    if door.is_fetched(request):
        return render(request, "chat/_box.html", box_of(request))
    return redirect("portal:chat")


def _check(form: forms.Form, files: Uploads) -> None:
    if not form.is_valid():
        raise ValidationError([message for errors in form.errors.values() for message in errors])
    if files.errors:
        raise ValidationError(files.errors, code="files")


def _refuse(
    request: MemberRequest, form: forms.Form, files: Uploads, error: ValidationError
) -> HttpResponse:
    status = _status(files, error)
    if door.is_fetched(request):
        return door.refusal(error.messages, status)
    kept: dict[str, Any] = {"text": form.data.get("body", ""), "files": files}
    for name in ("key", "submission"):  # tried again, it is still the same message
        if name in form.data and name not in form.errors:
            kept[name] = form.data[name]
    if form.data.get("severity") in Severity.values:
        kept["severity"] = form.data["severity"]
    return show(request, problems=error.messages, status=status, **kept)


def _status(files: Uploads, error: ValidationError) -> int:
    """413 for a file too large, 429 for too often, 409 for a wrong state, else 422."""
    code = getattr(error, "code", None)
    if files.too_large:
        return 413
    return {"too_often": 429, "wrong_state": 409}.get(str(code), 422)
