"""All articles for those who write them: found, filtered, both languages of each beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from knowledge.languages import Language, of_page
from knowledge.models import Article, TextState, Translation

PAGE: Final = 50
LAST_PAGE: Final = 1000


class Need(TextChoices):
    """What an article may be waiting for."""

    REVIEW = "review", _("In review")
    DRAFT = "draft", _("A draft not published")
    BEHIND = "behind", _("The other language is newer")
    MISSING = "missing", _("A language is missing")
    PAST = "past", _("Past its review date")


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters; empty ones let everything through. `owner` is a person's key, -1 nobody."""

    text: str = ""
    kind: str = ""
    product: str = ""
    state: str = ""
    language: str = ""
    owner: int | None = None
    need: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    rows: list[Any]
    number: int
    has_next: bool


def page(asked: Asked, *, today: dt.date, number: int = 1) -> ArticlePage:
    """One page, latest change first; one query. Rows carry `en` and `zh`: see `_text_row`."""
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * PAGE
    found = list(_shown(filtered(asked, today))[start : start + PAGE + 1])
    for row in found:
        by_language = {text["language"]: text for text in row.texts}
        for language in Language:
            setattr(row, language, _text_row(by_language, language))
        row.is_past_review = row.is_published and row.review_on and row.review_on < today
        own = of_page()
        first = by_language.get(own) or by_language.get(own.other) or {"title": row.key}
        row.title = first["title"]
        row.opens_in = own.other if own.other in by_language and own not in by_language else own
    return ArticlePage(found[:PAGE], number, len(found) > PAGE)


def filtered(asked: Asked, today: dt.date) -> QuerySet[Article]:
    """The articles that fit all filters. A NUL byte fits nothing."""
    articles = Article.objects.all()
    texts = Translation.objects.filter(article=OuterRef("pk"))
    text = " ".join(asked.text.split())[:200]
    if "\x00" in text:
        return articles.none()
    if text:
        titled = texts.filter(Q(title__icontains=text) | Q(summary__icontains=text))
        articles = articles.filter(Q(key__icontains=text) | Exists(titled))
    if asked.kind:
        articles = articles.filter(kind=asked.kind)
    if asked.product:
        articles = articles.filter(product__key=asked.product)
    if asked.owner is not None:
        articles = articles.filter(owner=None if asked.owner < 0 else asked.owner)
    if asked.language:
        texts = texts.filter(language=asked.language)
        if not (asked.state or asked.need):
            articles = articles.filter(Exists(texts))
    if asked.state:
        articles = articles.filter(Exists(texts.filter(state=asked.state)))
    return _needing(articles, asked.need, texts, today)


def behind() -> Exists:
    """For translations: the other language has a newer text than the one this says the same as."""
    others = Translation.objects.filter(article=OuterRef("article")).exclude(pk=OuterRef("pk"))
    newer = others.filter(latest_revision__gt=Coalesce(OuterRef("aligned_with"), 0))
    return Exists(newer.exclude(state=TextState.ARCHIVED))


def _needing(
    articles: QuerySet[Article], need: str, texts: QuerySet[Translation], today: dt.date
) -> QuerySet[Article]:
    if need == Need.REVIEW:
        return articles.filter(Exists(texts.filter(state=TextState.REVIEW)))
    if need == Need.DRAFT:
        return articles.filter(Exists(texts.filter(state=TextState.DRAFT)))
    if need == Need.BEHIND:
        return articles.filter(Exists(texts.exclude(state=TextState.ARCHIVED).filter(behind())))
    if need == Need.MISSING:
        live = Translation.objects.filter(article=OuterRef("pk")).exclude(state=TextState.ARCHIVED)
        has_all = Q()
        for language in Language:
            has_all &= Q(Exists(live.filter(language=language)))
        return articles.exclude(has_all)
    if need == Need.PAST:
        return articles.filter(is_published=True, review_on__lt=today)
    return articles


def _shown(articles: QuerySet[Article]) -> QuerySet[Any]:
    texts = Translation.objects.filter(article=OuterRef("pk"))
    rows = texts.order_by("language").values(
        row=JSONObject(
            language="language",
            state="state",
            title="title",
            latest="latest_revision",
            published="published_revision",
            aligned="aligned_with",
        )
    )
    last = texts.order_by("-updated_at").values("updated_at")[:1]
    return (
        articles.select_related("product", "owner")
        .annotate(texts=ArraySubquery(rows), changed_at=Coalesce(Subquery(last), "created_at"))
        .order_by("-changed_at", "-pk")
    )


def _text_row(texts: dict[str, dict[str, Any]], language: Language) -> dict[str, Any] | None:
    """State of one language: with its label, whether it is behind, and whether it is read."""
    text = texts.get(language)
    if text is None:
        return None
    other = texts.get(language.other)
    is_live = text["state"] != TextState.ARCHIVED
    return text | {
        "label": TextState(text["state"]).label,
        "is_published": text["published"] is not None,
        "is_behind": is_live
        and other is not None
        and other["state"] != TextState.ARCHIVED
        and other["latest"] > (text["aligned"] or 0),
    }
