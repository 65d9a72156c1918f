"""Which way a visitor came, and what every request of a chat goes through."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from portal.views.members import MemberRequest, for_members
from tickets.models import Chat

View = Callable[Concatenate[MemberRequest, ...], HttpResponseBase]

WIDGET: Final = "widget"


def is_widget(request: MemberRequest) -> bool:
    return getattr(request, "widget", None) is not None


def source(request: MemberRequest) -> Chat.Source:
    return Chat.Source.WIDGET if is_widget(request) else Chat.Source.PORTAL


def for_visitors(view: View) -> Callable[..., HttpResponseBase]:
    """Behind the portal's door: members, by their session."""
    return for_members(view)


def for_widget(view: View) -> Callable[..., HttpResponseBase]:
    """The same view behind the widget's door: 401 without a key that holds.

    No browser sends such a key on its own, so these requests need no CSRF token.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_widget(request):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        return view(request, *args, **kwargs)

    return guarded


def address(request: MemberRequest, name: str, *args: Any) -> str:
    """The address of one of the chat's views behind the door this request came through."""
    space = WIDGET if is_widget(request) else "portal"
    return reverse(f"{space}:chat_{name}", args=args)


def chat_of(request: MemberRequest, reference: str) -> Chat:
    """The visitor's own chat in the ticket of that name; otherwise 404."""
    key, _dash, number = reference.partition("-")
    chats = Chat.objects.visible_to(request.viewer).filter(organization=request.organization)
    found = (
        chats.in_ticket(key, int(number))
        .select_related("ticket__organization", "ticket__product")
        .first()
    )
    if found is None:
        raise Http404
    return found


def is_fetched(request: MemberRequest) -> bool:
    """Whether a script asks for a part of a page, and not the browser for a page."""
    return is_widget(request) or bool(request.headers.get("HX-Request"))


def refusal(messages: list[str], status: int) -> HttpResponse:
    """What a script shows beside the field, whose text it keeps."""
    return JsonResponse({"errors": messages}, status=status)
