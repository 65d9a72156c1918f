"""Pages are for one person: no cache between us and them may keep or share one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

PRIVATE = "private, no-store"
ASK_EACH_TIME = "private, no-cache"  # what one person's program may keep, to ask if it still holds


class PrivatePagesMiddleware:
    """Say so on every response that does not decide for itself. Static files never get here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        decided = response.get("Cache-Control", "")
        if "public" not in decided and decided != ASK_EACH_TIME:
            response["Cache-Control"] = PRIVATE
        patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
        return response
