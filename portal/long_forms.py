"""Pages whose form may have more fields than others: a release with each line of its notes."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

# By the name of their address. A line has eight fields, so that is some 250 lines.
MOST: Final = {
    "admin:knowledge_release_add": 2_000,
    "admin:knowledge_release_change": 2_000,
}


class LongFormsMiddleware:
    """Read such a form, before anything else does; with yet more fields Django refuses it.

    Django's own limit is one for all pages.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        most = MOST.get(request.resolver_match.view_name) if request.resolver_match else None
        if not most or request.method != "POST":
            return
        if request.content_type != "application/x-www-form-urlencoded":
            return
        fields = request.body.split(b"&")
        if len(fields) <= most:
            request.POST = _read(fields)  # type: ignore[assignment]
            request._files = MultiValueDict()  # type: ignore[attr-defined]


def _read(fields: list[bytes]) -> QueryDict:
    """As Django reads them, as many at a time as it takes."""
    at_once = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    whole = QueryDict(mutable=True)
    for start in range(0, len(fields), at_once):
        whole.update(QueryDict(b"&".join(fields[start : start + at_once])))
    whole._mutable = False
    return whole
