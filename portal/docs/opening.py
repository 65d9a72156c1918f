"""What every page under /docs/ has in common: open to all, in the language of its address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import register_converter
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.viewer import Viewer
from knowledge.addresses import DOCS
from knowledge.languages import Language
from portal.docs.keeping import kept


class LanguageConverter:
    """The language a page is in: `en` or `zh`."""

    regex = "|".join(Language.values)

    def to_python(self, value: str) -> Language:
        return Language(value)

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "docs_language")
LANGUAGE: Final = "<docs_language:language>/"


class DocsRequest(TenantRequest):
    """A request for a page of the knowledge base, by `reader`; staff read what everyone may."""

    reader: Viewer
    language: Language


DocsView = Callable[Concatenate[DocsRequest, ...], HttpResponseBase]


def open_page(view: DocsView) -> Callable[..., HttpResponseBase]:
    """Open a view to everybody, in the language of its address if that has one."""

    @login_not_required
    @wraps(view)
    def opened(request: Any, language: Language | None = None, **kwargs: Any) -> HttpResponseBase:
        request.reader = reader_of(request)
        if language is not None:
            # As LocaleMiddleware does: what answers in place of the page is in its language too.
            translation.activate(language.locale)
            request.LANGUAGE_CODE, request.language = language.locale, language
        return view(request, **kwargs)

    return opened


def docs_page(view: DocsView) -> Callable[..., HttpResponseBase]:
    """A page that is read and may be kept: as `open_page`, with an ETag."""

    @open_page
    @require_safe
    @wraps(view)
    def read(request: Any, **kwargs: Any) -> HttpResponseBase:
        return kept(request, view(request, **kwargs))

    return read


def reader_of(request: TenantRequest) -> Viewer:
    """Who reads: a customer with their organizations, or anybody. Staff are anybody here."""
    viewer = request.viewer
    return Viewer(user=viewer.user) if viewer.is_staff else viewer


def show(
    request: DocsRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page in the frame of the knowledge base.

    `only_in` in the context names the one language there is; otherwise the same path in the
    other language is told to be the same page. `known_as` is the one path of a page that is
    reached by several.
    """
    inside = context.get("known_as", request.path).removeprefix(f"{DOCS}{request.language}/")
    paths = {language: f"{DOCS}{language}/{inside}" for language in Language}
    only_in = context.get("only_in")
    frame = {
        "language": request.language,
        "other_language": request.language.other,
        "other_path": paths[request.language.other],
        "canonical": settings.PUBLIC_URL + paths[only_in or request.language],
        "alternates": []
        if only_in
        else [(hreflang(one), settings.PUBLIC_URL + path) for one, path in paths.items()],
        "origin": settings.PUBLIC_URL,
    }
    return render(request, template, frame | context, status=status)


def hreflang(language: Language) -> str:
    return "zh-Hans" if language is Language.ZH else "en"
