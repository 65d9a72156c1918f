"""Who may keep a page of the knowledge base, and how it is asked whether it still holds."""

from __future__ import annotations

import hashlib
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from portal.private_pages import ASK_EACH_TIME

KEPT_BY_ALL: Final = "public, max-age=120"


def kept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response with ETag and Cache-Control; 304 when the asking program has it.

    A shared cache may keep it only when it is the same for everyone: asked without a session,
    nothing set, and no token of a form in it. A page with such a token is never recognised as
    unchanged, since the token is not.
    """
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return response
    content = hashlib.sha256(response.content).hexdigest()
    return kept_as(request, response, content, for_all=is_for_all(request, response))


def kept_as(
    request: HttpRequest, response: HttpResponseBase, digest: str, *, for_all: bool
) -> HttpResponseBase:
    """As `kept`, for what is known by a digest already."""
    etag = quote_etag(digest[:32])
    response["ETag"] = etag
    response["Cache-Control"] = KEPT_BY_ALL if for_all else ASK_EACH_TIME
    # Streamed answers, too: it looks at the headers only.
    plain = cast(HttpResponse, response)
    answer: Any = get_conditional_response(request, etag=etag, response=plain)
    return answer or response


def is_for_all(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the next one who asks for this address gets the same."""
    return not (
        request.user.is_authenticated
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or response.cookies
    )
