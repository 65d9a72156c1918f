"""What people see when something is wrong: in words, and never a trace of the inside."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from knowledge.addresses import DOCS
from knowledge.languages import Language, of_page

RETRY_SECONDS = 5


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Beneath /docs/ it helps to search on, in the language of the address.

    One page for what does not exist and for what is somebody else's: it reads nothing.
    """
    if not request.path.startswith(DOCS):
        return render(request, "404.html", status=404)
    named = request.path.removeprefix(DOCS).partition("/")[0]
    language = Language(named) if named in Language.values else of_page()
    with translation.override(language.locale):
        context = {"language": language, "may_sign_in": not request.user.is_authenticated}
        return render(request, "docs/404.html", context, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form had expired, or came from elsewhere. What was typed is kept as a draft."""
    return render(request, "csrf_failure.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: allauth's rate limits end here."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when the database cannot be reached. Reads neither database nor session."""
    problem = sys.exc_info()[1]
    theme = request.COOKIES.get("theme", "")
    context = {"theme": theme if theme in ("light", "dark") else ""}
    if isinstance(problem, OperationalError | InterfaceError):
        unavailable = HttpResponse(render_to_string("503.html", context), status=503)
        unavailable["Retry-After"] = str(RETRY_SECONDS)
        return unavailable
    return HttpResponse(render_to_string("500.html", context), status=500)
