"""Search: one box, results by kind, one's own tickets beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts import access
from accounts.client_address import client_address
from knowledge import search_log
from knowledge.addresses import article_path
from knowledge.languages import Language
from knowledge.models import Article, ErrorCode, Platform, Release
from knowledge.search import Found, Hit, find
from knowledge.search.suggestions import suggest
from knowledge.search.words import words
from portal.docs import hit_addresses, kinds, search_keys
from portal.docs.opening import DocsRequest, docs_page, open_page, show
from portal.docs.search_form import Asked, SearchForm, asked
from portal.templatetags.docs import version_words
from tickets.search import find_tickets

HITS: Final = 10
MORE: Final = 40  # articles, once more are asked for
SUGGESTED: Final = 6
TICKETS: Final = 5
# Each kind of hit with its icon, as on the other pages; the word stands beside it.
ICONS: Final[dict[str, str]] = kinds.ICONS | {"error_code": "circle-x", "release": "tag"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit with its address and what it is; `folded` are other platforms' pages of the same."""

    hit: Hit
    href: str
    kind: str
    icon: str
    about: str
    folded: tuple[tuple[str, str], ...] = ()


@open_page
@require_safe
def search(request: DocsRequest) -> HttpResponseBase:
    """Noted for the list of gaps, but for staff's; never kept by a cache."""
    given = {**request.GET.dict(), "q": request.GET.get("q", "")[:200]}
    form = SearchForm(given)
    wanted = asked(form, request.GET.get("q", ""))
    context: dict[str, Any] = {
        "form": form,
        "asked": wanted,
        "other_path": _in_other_language(request, wanted),
        "nav_part": "search",
        "only_in": request.language,
    }
    if not wanted.text:
        return show(request, "docs/search.html", context)
    has_more = request.GET.get("more") == "1"
    found = _find(request, wanted, limit=MORE if has_more else HITS)
    token = _noted(request, wanted, found)
    mine = [hit for hit in found.hits if not hit.is_other_language]
    other = [hit for hit in found.hits if hit.is_other_language]
    context |= {
        "token": token,
        "hits": [_shown(hit, request.language, token) for hit in mine],
        "other_hits": [_shown(hit, request.language, token) for hit in other],
        "corrected": [(word, taken) for word, taken in found.corrected.items() if word != taken],
        "tickets": find_tickets(wanted.text, viewer=request.reader, limit=TICKETS),
        "may_ask": _may_ask(request),
        "more": ""
        if has_more or sum(hit.kind == "article" for hit in mine) < HITS
        else f"?{wanted.query}&{urlencode({'s': token, 'more': 1})}",
        "other_count": _other_count(request, wanted) if not mine else 0,
    }
    return show(request, "docs/search.html", context)


@docs_page
def suggestions(request: DocsRequest) -> HttpResponse:
    """A few titles for what is being typed: part of a page, not noted anywhere."""
    wanted = asked(SearchForm(request.GET), request.GET.get("q", "")[:200])
    rows = suggest(wanted.text, language=request.language, viewer=request.reader, limit=SUGGESTED)
    hits: Iterable[Hit] = ()
    if not rows and len(wanted.text) > 1:  # a code, a version, something mistyped
        hits = _find(request, wanted, limit=SUGGESTED).hits[:SUGGESTED]
    context = {
        "rows": rows,
        "hits": [_shown(hit, request.language, "") for hit in hits],
        "language": request.language,
    }
    return render(request, "docs/_suggestions.html", context)


@open_page
@require_safe
def opened(request: DocsRequest, token: str, target: str) -> HttpResponseBase:
    """Put down that a hit was opened, and lead there; works without a script and for any page."""
    search = search_keys.read(token)
    kind, _colon, name = target.partition(":")
    href, article = _place(request, kind, name)
    if search is not None and not request.viewer.is_staff:
        search_log.clicked(
            search=search,
            target=target if article is None else f"article:{article.key}",
            article_id=article.pk if article else None,
            now=request.now,
        )
    return redirect(href)


def _place(request: DocsRequest, kind: str, name: str) -> tuple[str, Article | None]:
    """Where it leads, and the article if it is one; what the reader may not read is not found."""
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
    if kind == "article":
        language, _colon, key = name.partition(":")
        articles = Article.objects.visible_to(request.reader)
        article = articles.filter(key=key).first() if "\0" not in key else None
        if article is not None and language in Language.values:
            return article_path(article.key, language), article
    elif kind == "error":
        code = ErrorCode.objects.select_related("product").filter(pk=number).first()
        if code is not None:
            return hit_addresses.of_error_code(code, request.language), None
    elif kind == "release":
        releases = Release.objects.visible_to(request.reader, on=request.now.date())
        release = releases.select_related("product").filter(pk=number).first()
        if release is not None:
            return hit_addresses.of_release(release, request.language), None
    raise Http404


def _find(request: DocsRequest, wanted: Asked, *, limit: int) -> Found:
    return find(
        wanted.text,
        language=request.language,
        viewer=request.reader,
        kinds=[wanted.kind] if wanted.kind else (),
        product=wanted.product,
        platform=wanted.platform,
        version=wanted.version,
        limit=limit,
    )


class MayBeNoted(SimpleRateThrottle):
    """Searches of strangers from one machine that are put down; beyond, they are only answered."""

    scope = "docs_searches"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}


def _noted(request: DocsRequest, wanted: Asked, found: Found) -> str:
    """The signed name of the search. Another filter on the same text is the same search.

    What has no words asks nothing, so that no article is missing for it.
    """
    if not words(wanted.text):
        return ""
    earlier = search_keys.read(request.GET.get("s", ""), wanted.text)
    if earlier is not None or request.viewer.is_staff:
        return request.GET.get("s", "") if earlier else ""
    limit = MayBeNoted()
    if request.organization is None and not limit.allow_request(request, None):  # type: ignore[arg-type]
        return ""
    key = search_log.note(
        text=wanted.text,
        language=request.language,
        hits=len(found.hits),
        organization=request.organization,
        product=wanted.product.key if wanted.product else "",
        now=request.now,
    )
    return search_keys.sign(key, wanted.text)


def _shown(hit: Hit, language: Language, token: str) -> Shown:
    href = _href(hit, language, token)
    kind: str = hit.kind
    label = about = ""
    if hit.translation is not None:
        article = hit.translation.article
        kind, label = article.kind, article.get_kind_display()
        names = [str(Platform(one).label) for one in article.platforms]
        parts = [str(article.product or ""), _listed(names), version_words(article)]
        about = " · ".join(filter(None, parts))
    elif hit.error_code is not None:
        label, about = _("Error code"), str(hit.error_code.product)
    elif hit.release is not None:
        label, about = _("Release"), str(hit.release.released_on)
    folded = tuple((_platforms(one), _href(one, language, token)) for one in hit.folded)
    return Shown(hit, href, label, ICONS.get(kind, "file-text"), about, folded)


def _href(hit: Hit, language: Language, token: str) -> str:
    if not token:
        return hit_addresses.address(hit, language)
    return hit_addresses.opened(token, hit, language)


def _platforms(hit: Hit) -> str:
    article = hit.translation.article if hit.translation else None
    names = [str(Platform(one).label) for one in article.platforms] if article else []
    return _listed(names) or hit.key


def _listed(names: list[str]) -> str:
    return pgettext("between the items of a list", ", ").join(names)


def _may_ask(request: DocsRequest) -> bool:
    organization = request.organization
    return organization is not None and access.allows(
        request.reader, "ticket.open", organization.pk
    )


def _other_count(request: DocsRequest, wanted: Asked) -> int:
    """How many pages the other language has, when this one has none."""
    found = find(wanted.text, language=request.language.other, viewer=request.reader, limit=HITS)
    return sum(not hit.is_other_language for hit in found.articles)


def _in_other_language(request: DocsRequest, wanted: Asked) -> str:
    path = request.path.replace(f"/{request.language}/", f"/{request.language.other}/", 1)
    return f"{path}?{wanted.query}" if wanted.query else path
