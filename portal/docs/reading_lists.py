"""Lists of articles: by product, by kind, by category, and narrowed further."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404

from knowledge.models import Article, ArticleKind, Platform, Product, Translation
from knowledge.version_filter import about_version
from portal.docs.kinds import PLURALS
from portal.docs.list_filter import ListFilter
from portal.docs.opening import DocsRequest, docs_page, show
from portal.docs.paging import page_after
from portal.docs.shelf import Shelf, used

PAGE: Final = 50
ORDER: Final = ("by_title", "pk")  # iOS stands before Web


@docs_page
def articles(request: DocsRequest) -> HttpResponseBase:
    """All that may be read."""
    return _list(request, Q(), {})


@docs_page
def of_product(request: DocsRequest, product: str) -> HttpResponseBase:
    """What is about a product, and what is about all of them."""
    found = get_object_or_404(Product, key=product)
    about = Q(product=found) | Q(product__isnull=True)
    return _list(request, about, {"product": found, "title": found.name})


@docs_page
def of_kind(request: DocsRequest, kind: str) -> HttpResponseBase:
    if kind not in PLURALS:
        raise Http404
    return _list(request, Q(kind=kind), {"kind": kind, "title": PLURALS[kind]})


@docs_page
def of_category(request: DocsRequest, category: str) -> HttpResponseBase:
    """What stands in a category, and in those that are part of it.

    One with nothing to read for this reader is not found: its name may tell what there is.
    """
    shelf = Shelf.read()
    found = next((one for one in shelf.by_pk.values() if one.key == category), None)
    filled = used(Article.objects.visible_to(request.reader))
    if found is None or shelf.all_of(found).isdisjoint(filled):
        raise Http404
    inside = Article.categories.through.objects.filter(category__in=shelf.all_of(found))
    about = Q(pk__in=inside.values("article"))
    context = {
        "category": found,
        "title": found.name,
        "way": shelf.way_to(found)[:-1],
        "parts": shelf.parts_of(found, filled),
    }
    return _list(request, about, context)


def _list(request: DocsRequest, about: Q, context: dict[str, Any]) -> HttpResponseBase:
    form = ListFilter.asked(request.GET)
    readable: QuerySet[Article] = Article.objects.visible_to(request.reader).filter(about)
    if form.platform:
        readable = readable.filter(Q(platforms=[]) | Q(platforms__contains=[form.platform]))
    if form.version:
        readable = about_version(readable, form.version)
    texts = Translation.objects.published().filter(article__in=readable, language=request.language)
    kinds = None if "kind" in context else _kinds(texts, form)
    if form.kind:
        texts = texts.filter(article__kind=form.kind)
    page, following = page_after(
        texts.select_related("article__product").annotate(by_title=Lower("title")),
        ORDER,
        request.GET.get("after", ""),
        PAGE,
    )
    shown = {
        **{"title": "", "product": None, "kind": "", "way": [], "parts": []},
        "form": form,
        "platforms": Platform.choices,
        "kinds": kinds,
        "texts": page,
        "next_query": form.query(after=following) if following else "",
        "first_query": form.query() if request.GET.get("after") else None,
    }
    return show(request, "docs/list.html", shown | context)


def _kinds(texts: QuerySet[Translation], form: ListFilter) -> list[dict[str, Any]]:
    """The kinds there are among these texts, with their numbers and where each is shown."""
    counted = dict(texts.order_by().values_list("article__kind").annotate(number=Count("pk")))
    return [
        {
            "key": kind.value,
            "name": PLURALS[kind],
            "number": counted[kind],
            "query": form.query(kind=kind.value),
            "is_current": form.kind == kind,
        }
        for kind in ArticleKind
        if kind in counted
    ]
