"""What is missing, as one list for the editor, and how complete each product's documents are."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from knowledge.completeness import Completeness
from knowledge.completeness_reading import of_products
from knowledge.models import Product
from tickets.admin.articles.gap_lines import KINDS, groups
from tickets.admin.frame import frame

_FEW: Final = 5  # lines of each kind on the page of all
_MANY: Final = 200  # lines of one kind alone


@require_safe
def gaps_view(request: TenantRequest) -> HttpResponse:
    """`product` and `kind` narrow it; with a product, its figure is taken apart."""
    products = list(Product.objects.all())
    key, only = request.GET.get("product", ""), request.GET.get("kind", "")
    product = next((one for one in products if one.key == key), None)
    if (key and product is None) or (only and only not in {kind.key for kind in KINDS}):
        raise Http404
    figures = of_products(products, request.now)
    context = {
        "groups": [
            {"group": group, "query": _query(key, group.kind.key)}
            for group in groups(request, product, only, _MANY if only else _FEW)
        ],
        "product": product,
        "only": only,
        "all_query": _query(key, ""),
        "products": [
            {"product": one, "figure": figures[one.pk], "query": _query(one.key, only)}
            for one in products
        ],
        "no_product": _query("", only),
        "parts": _parts(figures[product.pk]) if product else [],
        "figure": figures[product.pk] if product else None,
    }
    return render(request, "tickets/article_gaps.html", context | frame(request, "article-gaps"))


def _parts(figure: Completeness) -> list[dict[str, Any]]:
    return [{"part": part, "points": round(figure.points(part), 1)} for part in figure.parts]


def _query(product: str, kind: str) -> str:
    asked = urlencode(
        {name: value for name, value in (("product", product), ("kind", kind)) if value}
    )
    return f"?{asked}" if asked else "?"
