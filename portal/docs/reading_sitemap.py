"""For search engines: which pages there are, and which to leave alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.viewer import Viewer
from knowledge.addresses import article_path
from knowledge.languages import Language
from knowledge.models import Article, ErrorCode, Product, Translation
from portal.docs.keeping import KEPT_BY_ALL, kept
from portal.docs.opening import DocsRequest, hreflang, open_page
from portal.docs.reading_errors import known_by, name_in_address
from portal.docs.shelf import Shelf, used

MOST: Final = 50_000  # addresses, by the protocol of sitemaps
ROBOTS: Final = """User-agent: *
Disallow: /
Allow: /docs/
Allow: /static/
Disallow: /docs/*/search/

Sitemap: {sitemap}
"""


@open_page
@require_safe
def sitemap(request: DocsRequest) -> HttpResponseBase:
    """All pages that are for everyone, whoever asks; the newest where there are too many."""
    urls = [*_fixed(), *_lists(), *_error_codes(), *_articles()][:MOST]
    response = render(request, "sitemap.xml", {"urlset": urls}, content_type="application/xml")
    return kept(request, response)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """The knowledge base is there to be found; nothing else here is."""
    told = ROBOTS.format(sitemap=settings.PUBLIC_URL + reverse("docs:sitemap"))
    response = HttpResponse(told, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = KEPT_BY_ALL
    return response


robots.without_database = True  # type: ignore[attr-defined]


def _fixed() -> Iterator[dict[str, Any]]:
    """Pages that are always there."""
    for name in ("home", "articles", "all_releases", "errors", "upgrade"):
        yield from _in_languages(name, [])
    for product in Product.objects.all():
        yield from _in_languages("of_product", [product.key])
        yield from _in_languages("releases", [product.key])
        yield from _in_languages("error_codes", [product.key])


def _lists() -> Iterator[dict[str, Any]]:
    """Kinds and categories with something for everyone to read."""
    everyone = Article.objects.visible_to(Viewer(user=None))
    for kind in everyone.order_by("kind").values_list("kind", flat=True).distinct():
        yield from _in_languages("of_kind", [kind])
    shelf, filled = Shelf.read(), used(everyone)
    for category in shelf.by_pk.values():
        if not shelf.all_of(category).isdisjoint(filled):
            yield from _in_languages("of_category", [category.key])


def _error_codes() -> Iterator[dict[str, Any]]:
    """Each code by what its page is known by; a number of several meanings has a page, too."""
    pages: dict[tuple[str, str], None] = {}
    numbered: dict[tuple[str, int], list[ErrorCode]] = {}
    for code in ErrorCode.objects.select_related("product"):
        pages[code.product.key, name_in_address(code)] = None
        if code.number is not None:
            numbered.setdefault((code.product.key, code.number), []).append(code)
    for (product, _number), codes in numbered.items():
        pages[product, known_by(codes)] = None
    for product, name in pages:
        yield from _in_languages("error_code", [product, name])


def _articles() -> Iterator[dict[str, Any]]:
    everyone = Article.objects.visible_to(Viewer(user=None))
    rows = (
        Translation.objects.published()
        .filter(article__in=everyone)
        .order_by("-published_at", "-pk")
        .values_list("article__key", "language", "published_at")[:MOST]
    )
    languages: dict[str, list[str]] = {}
    found = list(rows)
    for key, language, _at in found:
        languages.setdefault(key, []).append(language)
    for key, language, at in found:
        both = languages[key] if len(languages[key]) > 1 else []
        paths = [(Language(one), article_path(key, one)) for one in both]
        yield _entry(article_path(key, language), paths, at)


def _in_languages(name: str, args: list[str]) -> Iterator[dict[str, Any]]:
    paths = [(one, reverse(f"docs:{name}", args=[one, *args])) for one in Language]
    for _language, path in paths:
        yield _entry(path, paths, None)


def _entry(
    path: str, alternates: Iterable[tuple[Language, str]], changed: dt.datetime | None
) -> dict[str, Any]:
    return {
        "location": settings.PUBLIC_URL + path,
        "lastmod": changed,
        "changefreq": None,
        "priority": "",
        "alternates": [
            {"location": settings.PUBLIC_URL + other, "lang_code": hreflang(language)}
            for language, other in alternates
        ],
    }
