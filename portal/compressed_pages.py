"""Pages leave compressed, so that one is within its 60 kB also without a proxy in front.

Only pages: files of ours are compressed once when they are collected, and what people attached
goes as it is, with its length. Django's middleware varies the length of each answer, so that
sizes do not tell what stands in a page (BREACH); tokens against forgery are masked anyway.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPagesMiddleware(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.streaming or not is_page:
            return response
        return super().process_response(request, response)
