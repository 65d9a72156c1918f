"""Every revision of a text, two of them compared, and the way back to one."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from knowledge.comparing import compare, unified
from knowledge.models import Revision
from tickets.admin.articles.reading import article_of, heading, language_of, texts_of
from tickets.admin.frame import frame
from tickets.row_keys import row_key

_SHOWN: Final = 100  # revisions in the list, the newest


@require_safe
def history(request: TenantRequest, key: str, language: str) -> HttpResponse:
    """`old` and `new` are numbers of revisions; without them, the newest and the one before."""
    article, wanted = article_of(request, key), language_of(language)
    texts = texts_of(article)
    text = texts[wanted]
    if text.translation is None:
        raise Http404
    number = text.number
    new = _number(request, "new", number)
    old = _number(request, "old", max(new - 1, 0))
    view = "side" if request.GET.get("view") == "side" else "lines"
    pair = {
        row.number: row
        for row in Revision.objects.filter(translation=text.translation, number__in=(old, new))
    }
    if new not in pair or (old and old not in pair):
        raise Http404
    rows = Revision.objects.filter(translation=text.translation).defer("body", "summary")
    revisions = list(rows[: _SHOWN + 1])
    context = {
        "text": text,
        "language": wanted,
        "revisions": revisions[:_SHOWN],
        "has_more": len(revisions) > _SHOWN,
        "old": old,
        "new": new,
        "view": view,
        "compared": _compared(pair.get(old), pair[new], view),
    }
    context |= heading(article, texts, wanted, is_beneath=True) | frame(request, "articles")
    return render(request, "tickets/article_history.html", context)


def _number(request: TenantRequest, name: str, otherwise: int) -> int:
    asked = row_key(request.GET.get(name, ""))
    return otherwise if asked is None else min(asked, 2_000_000_000)


def _compared(old: Revision | None, new: Revision, view: str) -> list[dict[str, Any]]:
    """Title, summary and text of both, each compared apart."""
    parts = []
    for name in ("title", "summary", "body"):
        lines = compare(getattr(old, name) if old else "", getattr(new, name))
        if lines:
            parts.append({"name": name, "lines": lines if view == "side" else list(unified(lines))})
    return parts
