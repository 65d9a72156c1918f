"""All articles, found and filtered, with both languages' states side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import TenantRequest
from knowledge.article_listing import Asked, Need, page
from knowledge.languages import Language
from knowledge.models import ArticleKind, Product, TextState
from tickets.admin.frame import frame
from tickets.row_keys import row_key

NOBODY = "nobody"


@require_safe
def article_list(request: TenantRequest) -> HttpResponse:
    asked = _asked(request)
    number = row_key(request.GET.get("page", "")) or 1
    found = page(asked, today=request.now.date(), number=number)
    kept = {key: value for key, value in request.GET.items() if value and key != "page"}
    context = {
        "articles": found.rows,
        "asked": asked,
        "owner": request.GET.get("owner", ""),
        "is_filtered": bool(kept),
        "previous": urlencode(kept | {"page": found.number - 1}) if found.number > 1 else "",
        "next": urlencode(kept | {"page": found.number + 1}) if found.has_next else "",
        "number": found.number,
        "kinds": ArticleKind.choices,
        "products": Product.objects.all(),
        "states": TextState.choices,
        "languages": Language.choices,
        "needs": Need.choices,
        "owners": User.names.filter(is_staff=True, is_active=True).order_by("name"),
        "nobody": NOBODY,
    }
    return render(request, "tickets/articles.html", context | frame(request, "articles"))


def _asked(request: TenantRequest) -> Asked:
    """The filters of the address; those that name nothing known let everything through."""
    asked = request.GET

    def one_of(name: str, known: list[str]) -> str:
        value = asked.get(name, "")
        return value if value in known else ""

    owner = asked.get("owner", "")
    return Asked(
        text=asked.get("q", "").strip(),
        kind=one_of("kind", ArticleKind.values),
        product="" if "\x00" in asked.get("product", "") else asked.get("product", "")[:20],
        state=one_of("state", TextState.values),
        language=one_of("language", Language.values),
        owner=-1 if owner == NOBODY else row_key(owner),
        need=one_of("need", Need.values),
    )
