"""The page of an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, RowRange, Value, When, Window
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse, HttpResponseBase

from knowledge.article_text.followed_links import articles_linked, only_links_to
from knowledge.languages import Language
from knowledge.models import (
    Article,
    ArticleKind,
    Category,
    Change,
    ErrorCode,
    Platform,
    Translation,
)
from knowledge.models.article_file import FileKind
from portal.docs.kinds import ICONS
from portal.docs.opening import DocsRequest, docs_page, show
from portal.docs.sample_tabs import sample_tabs
from portal.docs.shelf import Shelf

BESIDE = 12  # articles shown on either side of this one
# In the order in which a category is read: how, then what if not.
KIND_ORDER = Case(
    *(When(article__kind=kind, then=Value(place)) for place, kind in enumerate(ArticleKind)),
    output_field=IntegerField(),
)


@docs_page
def article(request: DocsRequest, key: str) -> HttpResponseBase:
    """The text in this language; where there is only the other, the way to it.

    What the reader may not read is not found, like what does not exist.
    """
    texts = texts_of(request, key)
    if not texts:
        raise Http404
    text = texts.get(request.language)
    other = texts.get(request.language.other)
    if text is None:
        context = {"only": other, "only_in": request.language.other}
        return show(request, "docs/only_in_other.html", context)
    return _page(request, text, other)


def texts_of(request: DocsRequest, key: str) -> dict[Language, Translation]:
    """The published texts of the article by language; none when it may not be read."""
    rows = (
        Translation.objects.published()
        .filter(article__in=Article.objects.visible_to(request.reader), article__key=key)
        .select_related("article__product")
    )
    return {Language(row.language): row for row in rows}


def _page(request: DocsRequest, text: Translation, other: Translation | None) -> HttpResponse:
    about = text.article
    shelf = Shelf.read()
    place = _place(about, shelf)
    siblings = _siblings(request, text, place) if place else []
    at = next((index for index, one in enumerate(siblings) if one.key == about.key), 0)
    samples = sample_tabs(about.files.filter(kind=FileKind.SAMPLE), text.body)
    context: dict[str, Any] = {
        "text": text,
        "html": _followed(request, text.html),
        "article": about,
        "icon": ICONS[about.kind],
        "is_behind": is_behind(text, other),
        "other": other,
        "way": shelf.way_to(place) if place else [],
        "platforms": [Platform(platform).label for platform in about.platforms],
        "samples": samples,
        "tabs": [sample for sample in samples if not sample.is_placed],
        "error_codes": list(ErrorCode.objects.filter(article=about).select_related("product")[:20]),
        "changes": list(_changes(request, about)),
        "siblings": siblings if len(siblings) > 1 else [],
        "before": siblings[at - 1] if at else None,
        "after": siblings[at + 1] if at + 1 < len(siblings) else None,
    }
    if other is None:
        context["only_in"] = request.language
    return show(request, "docs/article.html", context)


def _followed(request: DocsRequest, html: str) -> str:
    """The page with the links this reader can follow; one query, where it has any."""
    linked = articles_linked(html)
    if not linked:
        return html
    readable = Article.objects.visible_to(request.reader).filter(key__in=linked)
    return only_links_to(set(readable.values_list("key", flat=True)), html)


def is_behind(text: Translation, other: Translation | None) -> bool:
    """Whether the other language's published text says something this one does not yet."""
    if other is None or other.published_revision is None or text.aligned_with is None:
        return False
    return other.published_revision > text.aligned_with


def _place(article: Article, shelf: Shelf) -> Category | None:
    """The first of its categories, in the order of the whole."""
    mine = set(article.categories.values_list("pk", flat=True))
    return next((category for pk, category in shelf.by_pk.items() if pk in mine), None)


@dataclass(frozen=True, slots=True)
class Sibling:
    key: str
    title: str


def _siblings(request: DocsRequest, text: Translation, place: Category) -> list[Sibling]:
    """The texts around this one in its category in the same language, in their order."""
    order = (KIND_ORDER, Lower("title"), "pk")
    here = Count("pk", filter=Q(pk=text.pk))
    rows = (
        Translation.objects.published()
        .filter(
            article__in=Article.objects.visible_to(request.reader).filter(categories=place),
            language=text.language,
        )
        .annotate(near=Window(here, order_by=order, frame=RowRange(start=-BESIDE, end=BESIDE)))
        .filter(near__gt=0)
        .order_by(*order)
        .values_list("article__key", "title")
    )
    return [Sibling(key, title) for key, title in rows]


def _changes(request: DocsRequest, article: Article) -> Any:
    """Lines of release notes that refer to this article, newest release first."""
    return (
        Change.objects.filter(article=article, release__released_on__lte=request.now.date())
        .select_related("release__product")
        .order_by("-release__sort_key", "position")[:10]
    )
