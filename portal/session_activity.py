"""When and from where a session was last seen, for the list of one's sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase

SEEN: Final = "seen_at"
EVERY_SECONDS: Final = 300


class SessionActivityMiddleware:
    """Note it every five minutes. allauth's own does so on every request, with three queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and request.session.session_key:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= EVERY_SECONDS:
                UserSession.objects.create_from_request(request)
                request.session[SEEN] = now
        return self.get_response(request)
