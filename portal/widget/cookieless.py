"""No cookie gets in or out below /widget."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from portal.middleware import WIDGET_PREFIX


class CookielessMiddleware:
    """Whoever is signed in at the portal is nobody in the frame, until the frame has a key.

    So a page that shows the frame can never act as its reader, and browsers that keep cookies
    of frames apart, or keep none, make no difference.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(WIDGET_PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES.clear()
        response = self.get_response(request)
        response.cookies.clear()
        return response
