"""The first page of the knowledge base."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from knowledge import languages
from portal.docs.opening import DocsRequest, docs_page, open_page, show


@open_page
def front(request: DocsRequest) -> HttpResponseBase:
    """On to the first page, in the reader's language."""
    return redirect("docs:home", languages.of_page())


@docs_page
def home(request: DocsRequest) -> HttpResponseBase:
    return show(request, "docs/home.html", {})
