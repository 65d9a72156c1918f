"""Count what the completeness of each product's documentation is made of: five queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from knowledge.completeness import Completeness, completeness
from knowledge.gaps import ASKED_SINCE, is_explained
from knowledge.models import (
    Article,
    ArticleKind,
    Change,
    ChangeKind,
    ErrorCode,
    Product,
    Release,
    SearchClick,
    SearchRecord,
    Translation,
)

_MAJORS: Final = 3  # how many major versions back a breaking change needs a guide
_KINDS: Final = (ArticleKind.GUIDE, ArticleKind.SAMPLE, ArticleKind.FAQ)
Counts = dict[str, dict[int, tuple[int, int]]]


def of_products(products: Iterable[Product], now: dt.datetime) -> dict[int, Completeness]:
    """By the product's key in the database. Days are UTC."""
    listed = list(products)
    today = now.date()
    articles = list(_articles())
    counts: Counts = {
        "codes": _codes(),
        "notes": _notes(today),
        "breaking": _breaking(today),
        "kinds": {one.pk: _kinds(one, articles) for one in listed},
        "languages": {one.pk: _languages(one, articles) for one in listed},
        "reviews": {one.pk: _reviews(one, articles, today) for one in listed},
        "questions": _questions(listed, now),
    }
    return {
        one.pk: completeness({key: rows.get(one.pk, (0, 0)) for key, rows in counts.items()})
        for one in listed
    }


def _codes() -> dict[int, tuple[int, int]]:
    whole = Q(is_explained=True) & ~Q(remedy_en="") & ~Q(remedy_zh="")
    rows = (
        ErrorCode.objects.annotate(is_explained=is_explained())
        .order_by()
        .values_list("product")
        .annotate(done=Count("pk", filter=whole), total=Count("pk"))
    )
    return {product: (done, total) for product, done, total in rows}


def _notes(today: dt.date) -> dict[int, tuple[int, int]]:
    whole = ~Q(note_en="") & ~Q(note_zh="") & Q(has_changes=True)
    rows = (
        Release.objects.filter(released_on__lte=today)
        .filter(Q(end_of_support=None) | Q(end_of_support__gte=today))
        .annotate(has_changes=Exists(Change.objects.filter(release=OuterRef("pk"))))
        .order_by()
        .values_list("product")
        .annotate(done=Count("pk", filter=whole), total=Count("pk"))
    )
    return {product: (done, total) for product, done, total in rows}


def _breaking(today: dt.date) -> dict[int, tuple[int, int]]:
    rows = (
        Change.objects.filter(kind=ChangeKind.BREAKING, release__released_on__lte=today)
        .annotate(has_guide=is_explained())
        .values_list("release__product", "release__sort_key", "has_guide")
    )
    by_product: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for product, sort_key, has_guide in rows.order_by("pk"):
        by_product[product].append((sort_key[0], has_guide))
    counts = {}
    for product, found in by_product.items():
        newest = max(major for major, _has_guide in found)
        late = [has_guide for major, has_guide in found if major > newest - _MAJORS]
        counts[product] = (sum(late), len(late))
    return counts


def _articles() -> Any:
    """Published articles of every product with the texts of each."""
    texts = Translation.objects.filter(article=OuterRef("pk")).values(
        row=JSONObject(
            published="published_revision", latest="latest_revision", aligned="aligned_with"
        )
    )
    return (
        Article.objects.filter(is_published=True)
        .annotate(texts=ArraySubquery(texts))
        .order_by("pk")
        .values("product_id", "kind", "platforms", "review_on", "texts")
    )


def _kinds(product: Product, articles: list[dict[str, Any]]) -> tuple[int, int]:
    """Of each platform: a guide, a sample, a FAQ? One for all platforms counts for each."""
    there = {
        (platform, row["kind"])
        for row in articles
        if row["product_id"] in (None, product.pk)
        for platform in row["platforms"] or product.platforms
    }
    wanted = [(platform, str(kind)) for platform in product.platforms for kind in _KINDS]
    return sum(one in there for one in wanted), len(wanted)


def _languages(product: Product, articles: list[dict[str, Any]]) -> tuple[int, int]:
    own = [row["texts"] for row in articles if row["product_id"] == product.pk]
    return sum(map(_is_current, own)), len(own)


def _is_current(texts: list[dict[str, Any]]) -> bool:
    """Both languages are read, and neither says more than the other."""
    if len(texts) != 2 or any(text["published"] is None for text in texts):
        return False
    first, second = texts
    return bool(
        second["latest"] <= (first["aligned"] or 0) and first["latest"] <= (second["aligned"] or 0)
    )


def _reviews(product: Product, articles: list[dict[str, Any]], today: dt.date) -> tuple[int, int]:
    own = [row["review_on"] for row in articles if row["product_id"] == product.pk]
    return sum(day is not None and day >= today for day in own), len(own)


def _questions(products: list[Product], now: dt.datetime) -> dict[int, tuple[int, int]]:
    by_key = {one.key: one.pk for one in products}
    clicked = Exists(SearchClick.objects.filter(search=OuterRef("pk")))
    rows = (
        SearchRecord.objects.filter(at__gte=now - ASKED_SINCE, product__in=by_key)
        .annotate(is_opened=clicked)
        .order_by()
        .values_list("product")
        .annotate(done=Count("pk", filter=Q(is_opened=True)), total=Count("pk"))
    )
    return {by_key[key]: (done, total) for key, done, total in rows}
