"""What is too large is refused before it is read, with the limit named."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.defaults import bad_request as django_bad_request

from accounts.templatetags.vigil import filesize


class SizeLimitMiddleware:
    """Refuse a body by its announced length; stands before anything that reads the body.

    A body of unannounced length never gets here: WSGI servers of ours hand over none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.REQUEST_MAX_BYTES:
            return too_large(request, settings.REQUEST_MAX_BYTES)
        return self.get_response(request)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """413, saying how many bytes would have been fine."""
    response = render(request, "413.html", {"limit": filesize(limit)}, status=413)
    response["Connection"] = "close"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400; for fields that are too large together, 413."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return django_bad_request(request, exception)
