"""What is missing in the knowledge base, one kind of gap at a time: a list for the editor.

Each is one query for at most `limit` rows and one more, which says that there are others.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Lower

from knowledge.article_listing import behind
from knowledge.models import (
    Article,
    ArticleKind,
    Change,
    ChangeKind,
    ErrorCode,
    Product,
    Release,
    SearchRecord,
    TextState,
    Translation,
)

ASKED_SINCE: Final = dt.timedelta(days=90)  # how far back searches and tickets count
STALE_AFTER: Final = 2  # releases since a sample was checked


def searches(product: Product | None, now: dt.datetime, limit: int) -> list[dict[str, Any]]:
    """Queries nobody opened a result of, the most frequent first: `text`, `times`, `hits`."""
    records = SearchRecord.objects.filter(at__gte=now - ASKED_SINCE).exclude(text="")
    if product:
        records = records.filter(product=product.key)
    grouped = (
        records.order_by()
        .annotate(words=Lower("text"))
        .values("words", "language", "product")
        .annotate(
            times=Count("pk", distinct=True),
            empty=Count("pk", distinct=True, filter=Q(hits=0)),
            opened=Count("clicks__search", distinct=True),
        )
    )
    return list(grouped.filter(opened=0).order_by("-times", "words", "language")[: limit + 1])


def past_review(product: Product | None, today: dt.date, limit: int) -> list[Any]:
    """Published articles whose day of review is over, the longest first."""
    articles = _of(product, Article.objects.filter(is_published=True, review_on__lt=today))
    return list(_titled(articles).order_by("review_on", "pk")[: limit + 1])


def languages(product: Product | None, limit: int) -> list[Any]:
    """Published texts the other language says more than, or does not have.

    `is_missing` says which; the gap is in the *other* language then, else in this one.
    """
    live = Translation.objects.filter(article=OuterRef("article")).exclude(
        state=TextState.ARCHIVED
    )
    texts = Translation.objects.published().annotate(
        is_missing=~Exists(live.exclude(language=OuterRef("language"))), is_older=behind()
    )
    if product:
        texts = texts.filter(article__product=product)
    texts = texts.filter(Q(is_missing=True) | Q(is_older=True)).select_related("article")
    return list(texts.order_by("-is_missing", "-updated_at", "pk")[: limit + 1])


def releases(product: Product | None, today: dt.date, limit: int) -> list[Any]:
    """Supported releases that say nothing, list nothing, or break something without a guide."""
    changes = Change.objects.filter(release=OuterRef("pk"))
    found = (
        _of(product, Release.objects.filter(released_on__lte=today))
        .filter(Q(end_of_support=None) | Q(end_of_support__gte=today))
        .annotate(
            has_changes=Exists(changes),
            breaks_unguided=Exists(changes.filter(kind=ChangeKind.BREAKING, article=None)),
        )
        .filter(
            Q(note_en="") | Q(note_zh="") | Q(has_changes=False) | Q(breaks_unguided=True)
        )
    )
    return list(found.select_related("product").order_by("-released_on", "pk")[: limit + 1])


def error_codes(product: Product | None, limit: int) -> list[Any]:
    """Codes nobody says how to get rid of, or that no article explains."""
    codes = _of(product, ErrorCode.objects.all())
    found = codes.filter(Q(article=None) | Q(remedy_en="") | Q(remedy_zh=""))
    return list(
        found.select_related("product").order_by("product", "number", "name")[: limit + 1]
    )


def samples(product: Product | None, today: dt.date, limit: int) -> list[Any]:
    """Published samples with two releases or more since somebody checked them.

    Counted are releases of the product on a platform of the sample, each version once.
    `releases_since` is None where nobody ever checked.
    """
    everywhere = Value([], output_field=ArrayField(CharField()))
    releases_of = (
        Release.objects.filter(
            product=OuterRef("product"),
            released_on__gt=OuterRef("checked_on"),
            released_on__lte=today,
        )
        .filter(
            Q(platform="") | Q(platform=Func(OuterRef("platforms"), function="any"))
            | Q(pk__in=Release.objects.filter(pk=OuterRef("pk")).filter(
                Exists(Article.objects.filter(pk=OuterRef(OuterRef("pk")), platforms=everywhere))
            ))
        )
    )
    raise NotImplementedError(releases_of, Coalesce, F, IntegerField, Subquery)
