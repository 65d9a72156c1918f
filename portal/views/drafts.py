"""Half-written texts the browser keeps: told here when one was sent."""

from __future__ import annotations

from django.http import HttpRequest

_FINISHED = "finished_draft"


def finished(request: HttpRequest, key: str) -> None:
    """The next page has the browser forget the draft of that form."""
    request.session[_FINISHED] = key


def take_finished(request: HttpRequest) -> str:
    """The key of the form just sent, once; else empty."""
    return str(request.session.pop(_FINISHED, ""))
