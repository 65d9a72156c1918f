"""Error codes: per product, and each on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.db.models import Count, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from knowledge.models import Article, ErrorCode, Platform, Product
from portal.docs.opening import DocsRequest, docs_page, show
from portal.docs.paging import page_after

PAGE: Final = 100
LAST: Final = 2**31 - 1
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}")
ORDER: Final = ("place", "name", "pk")


@docs_page
def products(request: DocsRequest) -> HttpResponseBase:
    """Which products have error codes, and how many."""
    # Grouped rows have lost the order of the model.
    counted = Product.objects.annotate(number=Count("error_codes")).order_by("pk")
    return show(request, "docs/errors.html", {"products": counted})


@docs_page
def of_product(request: DocsRequest, product: str) -> HttpResponseBase:
    found = get_object_or_404(Product, key=product)
    rows = ErrorCode.objects.filter(product=found)
    platform = request.GET.get("platform", "")
    if platform in Platform.values:
        rows = rows.filter(Q(platform=platform) | Q(platform=""))
    else:
        platform = ""
    # Those without a number come last.
    rows = rows.annotate(place=Coalesce("number", Value(LAST)))
    page, following = page_after(rows, ORDER, request.GET.get("after", ""), PAGE)
    context = {
        "product": found,
        "products": Product.objects.all(),
        "platform": platform,
        "platforms": [(key, label) for key, label in Platform.choices if key in found.platforms],
        "codes": page,
        "after": following,
        "is_first": not request.GET.get("after"),
    }
    return show(request, "docs/error_codes.html", context)


@docs_page
def code(request: DocsRequest, product: str, code: str) -> HttpResponseBase:
    """One code by name or number: all it means, where platforms give it different meanings."""
    if "\x00" in code:
        raise Http404
    found = get_object_or_404(Product, key=product)
    rows = list(
        _named(code)
        .filter(product=found)
        .select_related("product")
        .prefetch_related(Prefetch("article", Article.objects.visible_to(request.reader)))
        .order_by("platform", "name")
    )
    if not rows:
        raise Http404
    context = {
        "product": found,
        "rows": rows,
        "first": rows[0],
        "known_as": reverse("docs:error_code", args=[request.language, product, known_by(rows)]),
    }
    return show(request, "docs/error_code.html", context)


def name_in_address(row: ErrorCode) -> str:
    """What a code's page is called: its name, or its number where it has none."""
    return row.name or str(row.number)


def known_by(rows: Sequence[ErrorCode]) -> str:
    """Which of its addresses a page is known by: the name, unless its number has several."""
    names = {name_in_address(row) for row in rows}
    return names.pop() if len(names) == 1 else str(rows[0].number)


def _named(code: str) -> QuerySet[ErrorCode]:
    if _NUMBER.fullmatch(code) and abs(int(code)) <= LAST:
        return ErrorCode.objects.filter(number=int(code))
    return ErrorCode.objects.filter(name=code)
