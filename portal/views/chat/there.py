"""What a visitor's open page says by itself: I am here, I have shown this much, I am typing."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from portal.views.chat import door, pace
from portal.views.members import MemberRequest
from tickets import chats
from tickets.chats import presence
from tickets.row_keys import row_key


@require_POST
def here(request: MemberRequest, reference: str) -> HttpResponse:
    """The page is open and seen; `read` is the last message it shows."""
    chat = door.chat_of(request, reference)
    if not pace.allows(request, pace.Beats):
        return door.refusal(pace.too_often().messages, 429)
    read = row_key(request.POST.get("read", "")) or 0
    chats.be_here(chat=chat, by=request.viewer, read=read, now=request.now)
    return HttpResponse(status=204)


@require_POST
def typing(request: MemberRequest, reference: str) -> HttpResponse:
    """Shown to the other side for a moment, at most every two seconds; kept nowhere."""
    chat = door.chat_of(request, reference)
    person = request.viewer.user.pk if request.viewer.user else 0
    if cache.add(f"typing:{chat.pk}:{person}", True, timeout=presence.TYPING_EVERY_SECONDS):
        chats.type_in(chat=chat, by=request.viewer)
    return HttpResponse(status=204)
