"""What is missing in the knowledge base, one kind of gap at a time: a list for the editor.

Each is one query for at most `limit` rows and one more, which says that there are others.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Lower

from knowledge.article_listing import behind
from knowledge.languages import Language, of_page
from knowledge.models import (
    Article,
    ArticleFeedback,
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
    grouped: Any = (
        records.order_by()
        .annotate(words=Lower("text"))
        .values("words", "language", "product")
        .annotate(
            times=Count("pk", distinct=True),
            empty=Count("pk", distinct=True, filter=Q(hits=0)),
            opened=Count("clicks__search", distinct=True),
        )
    )
    rows: Any = grouped.filter(opened=0).order_by("-times", "words", "language")[: limit + 1]
    return list(rows)


def past_review(product: Product | None, today: dt.date, limit: int) -> list[Any]:
    """Published articles whose day of review is over, the longest first."""
    articles = _of(product, Article.objects.filter(is_published=True, review_on__lt=today))
    return list(_titled(articles).order_by("review_on", "pk")[: limit + 1])


def languages(product: Product | None, limit: int) -> list[Any]:
    """Published texts the other language says more than, or does not have.

    `is_missing` says which; the gap is in the *other* language then, else in this one.
    """
    live = Translation.objects.filter(article=OuterRef("article")).exclude(state=TextState.ARCHIVED)
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
            breaks_unguided=Exists(changes.filter(~is_explained(), kind=ChangeKind.BREAKING)),
        )
        .filter(Q(note_en="") | Q(note_zh="") | Q(has_changes=False) | Q(breaks_unguided=True))
    )
    return list(found.select_related("product").order_by("-released_on", "pk")[: limit + 1])


def error_codes(product: Product | None, limit: int) -> list[Any]:
    """Codes nobody says how to get rid of, or that no article explains."""
    codes = _of(product, ErrorCode.objects.annotate(is_explained=is_explained()))
    found = codes.filter(Q(is_explained=False) | Q(remedy_en="") | Q(remedy_zh=""))
    return list(found.select_related("product").order_by("product", "number", "name")[: limit + 1])


def is_explained() -> Exists:
    """Whether customers, or everyone, can read the article of an error code or a change."""
    return Exists(Article.objects.for_customers().filter(pk=OuterRef("article")))


def samples(product: Product | None, today: dt.date, limit: int) -> list[Any]:
    """Published samples with two releases or more since somebody checked them; two queries.

    Counted are versions of the product out since on a platform of the sample: `releases_since`.
    A sample nobody ever checked has seen all of them.
    """
    articles = _of(product, Article.objects.filter(kind=ArticleKind.SAMPLE, is_published=True))
    rows: list[Any] = list(
        _titled(articles.exclude(product=None)).order_by(F("checked_on").asc(nulls_first=True))
    )
    out = _of(product, Release.objects.filter(released_on__lte=today)) if rows else ()
    released = [(one.product_id, one.platform, one.version, one.released_on) for one in out]
    stale = []
    for row in rows:
        since = {
            version
            for product_id, platform, version, day in released
            if product_id == row.product_id
            and (not platform or not row.platforms or platform in row.platforms)
            and (row.checked_on is None or day > row.checked_on)
        }
        row.releases_since = len(since)
        if row.checked_on is None or row.releases_since >= STALE_AFTER:
            stale.append(row)
    return stale[: limit + 1]


def unhelpful(product: Product | None, now: dt.datetime, limit: int) -> list[Any]:
    """What readers wrote whom the text as it stands did not help, newest first."""
    found = ArticleFeedback.objects.filter(
        helped=False, at__gte=now - ASKED_SINCE, revision=F("translation__published_revision")
    ).exclude(words="")
    if product:
        found = found.filter(translation__article__product=product)
    return list(found.select_related("translation__article").order_by("-at", "pk")[: limit + 1])


def _of(product: Product | None, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(product=product) if product else rows


def _titled(articles: QuerySet[Article]) -> QuerySet[Any]:
    """Each with a `title` and the `language` it is in: that of the page where there is."""
    texts = Translation.objects.published().filter(article=OuterRef("pk"))
    texts = texts.order_by("language" if of_page() is Language.EN else "-language")
    return articles.annotate(
        title=Subquery(texts.values("title")[:1]), language=Subquery(texts.values("language")[:1])
    )
