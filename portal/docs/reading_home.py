"""The first page of the knowledge base: search, products, kinds, and what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import redirect

from knowledge import languages
from knowledge.models import Article, ArticleKind, Category, Product, Release, Translation
from portal.docs.kinds import ICONS, PLURALS
from portal.docs.opening import DocsRequest, docs_page, open_page, show
from portal.docs.shelf import Shelf, used

RECENT: Final = 8


@dataclass(frozen=True, slots=True)
class ProductCard:
    product: Product
    articles: int
    newest: Release | None


@dataclass(frozen=True, slots=True)
class KindCard:
    key: str
    name: object
    icon: str
    articles: int


@open_page
def front(request: DocsRequest) -> HttpResponseBase:
    """On to the first page, in the reader's language."""
    return redirect("docs:home", languages.of_page())


@docs_page
def home(request: DocsRequest) -> HttpResponseBase:
    articles = Article.objects.visible_to(request.reader)
    texts = Translation.objects.published().filter(article__in=articles, language=request.language)
    counts = list(
        texts.values_list("article__product", "article__kind").annotate(number=Count("pk"))
    )
    recent = texts.select_related("article__product").order_by("-published_at", "-pk")[:RECENT]
    context = {
        "products": _products(request, counts),
        "kinds": _kinds(counts),
        "shelf": _shelf(used(articles)),
        "recent": recent,
        "asked": {"text": ""},  # in the search box
    }
    return show(request, "docs/home.html", context)


Counts = Iterable[tuple[int | None, str, int]]


def _products(request: DocsRequest, counts: Counts) -> list[ProductCard]:
    newest = {
        release.product_id: release
        for release in Release.objects.visible_to(request.reader, on=request.now.date())
        .select_related("product")
        .order_by("product_id", "-sort_key", "-released_on")
        .distinct("product")
    }
    total: dict[int | None, int] = {}
    for product_id, _kind, number in counts:
        total[product_id] = total.get(product_id, 0) + number
    return [
        ProductCard(product, total.get(product.pk, 0), newest.get(product.pk))
        for product in Product.objects.all()
    ]


def _shelf(filled: set[int]) -> list[tuple[Category, list[Category]]]:
    """Categories with something to read, each with its parts."""
    shelf = Shelf.read()
    return [(top, shelf.parts_of(top, filled)) for top in shelf.parts_of(None, filled)]


def _kinds(counts: Counts) -> list[KindCard]:
    total: dict[str, int] = {}
    for _product, kind, number in counts:
        total[kind] = total.get(kind, 0) + number
    return [
        KindCard(kind, PLURALS[kind], ICONS[kind], total[kind])
        for kind in ArticleKind
        if total.get(kind)
    ]
