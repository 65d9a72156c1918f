"""Addresses of the live chat, the same behind both doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from portal.references import TICKET
from portal.views.chat import box, talk, there

Guard = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]


def chat_urls(guard: Guard) -> list[URLPattern]:
    """To stand below `chat/`; each view wrapped by the door it is reached through."""
    views: list[tuple[str, Callable[..., Any], str]] = [
        ("box/", box.box, "chat_box"),
        ("start/", talk.start, "chat_start"),
        (TICKET + "live/", box.live, "chat_live"),
        (TICKET + "say/", talk.say, "chat_say"),
        (TICKET + "here/", there.here, "chat_here"),
        (TICKET + "typing/", there.typing, "chat_typing"),
        (TICKET + "end/", talk.end, "chat_end"),
    ]
    return [path(route, guard(view), name=name) for route, view, name in views]
