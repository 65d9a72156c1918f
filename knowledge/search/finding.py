"""The search itself: a question in, hits out, each one readable by who asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from django.db import connection
from django.utils.safestring import SafeString
from django.utils.translation import override

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.languages import Language
from knowledge.models import (
    ArticleKind,
    ErrorCode,
    Product,
    Release,
    SearchDocument,
    SearchPassage,
    Translation,
)
from knowledge.search import candidates, named, question, ranking
from knowledge.search.snippets import marked, snippet

HitKind = Literal["article", "error_code", "release"]
MOST_OTHERS: Final = 3  # hits there are in the other language only
_FOLDED_FROM: Final = 3  # so many times the hits asked for are looked at for folding


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. Exactly one of `translation`, `error_code` and `release` is set.

    `title` and `snippet` are HTML with what was asked for marked; `section` is the heading the
    snippet stands under. `folded` are nearly the same pages for other platforms.
    """

    kind: HitKind
    title: SafeString
    snippet: SafeString
    language: str
    score: float
    translation: Translation | None = None
    error_code: ErrorCode | None = None
    release: Release | None = None
    section: str = ""
    is_other_language: bool = False
    folded: list[Hit] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Of the article; empty for another kind of hit."""
        return self.translation.article.key if self.translation else ""


@dataclass(frozen=True, slots=True)
class Found:
    """`hits`: what is named outright, then articles in the reader's language, best first, then a
    few there are in the other language only. `corrected`: words taken for mistyped, and for what.
    """

    hits: list[Hit]
    corrected: Mapping[str, str] = field(default_factory=dict)

    @property
    def articles(self) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind == "article"]


def find(
    query: str,
    *,
    language: str,
    viewer: Viewer,
    kinds: Collection[str] = (),
    product: Product | None = None,
    platform: str = "",
    version: str = "",
    limit: int = 10,
) -> Found:
    """Answer in that language ("zh" or "en"), at most `limit` articles.

    `kinds` are of articles (`ArticleKind`), and "error_code" and "release"; empty: all. A
    `version` that is none is no filter. Whatever is typed, there is an answer or there are no
    hits. Must run in a transaction as the reader's own role (`accounts.tenancy.acting_for`).
    """
    text = query.replace("\x00", " ")[: question.LONGEST]
    of_articles = [kind for kind in kinds if kind in ArticleKind.values]
    with connection.cursor() as cursor:
        asked = question.read(cursor, text)
        if not asked.weights:
            return Found([])
        hits: list[Hit] = []
        if not kinds or "error_code" in kinds:
            codes = named.error_codes(cursor, text, product=product, platform=platform)
            hits += [_of_code(code, language, asked.forms) for code in codes]
        if not kinds or "release" in kinds:
            releases = named.releases(
                cursor, text, viewer=viewer, product=product, platform=platform
            )
            hits += [_of_release(release, language, asked.forms) for release in releases]
        if not kinds or of_articles:
            wanted = _version(version)
            filters = candidates.Filters(of_articles, product, platform, wanted)
            rows = candidates.fetch(cursor, asked, viewer=viewer, filters=filters)
            mine, others = ranking.rank(rows, language)
            hits += _articles(mine, limit, wanted, asked.forms, is_other_language=False)
            hits += _articles(others, MOST_OTHERS, wanted, asked.forms, is_other_language=True)
    return Found(hits, asked.corrected)


def _version(text: str) -> versions.Version | None:
    try:
        return versions.parse(text) if text else None
    except ValueError:
        return None


def _articles(
    ranked: Sequence[ranking.Ranked],
    limit: int,
    version: versions.Version | None,
    weights: Mapping[str, float],
    *,
    is_other_language: bool,
) -> list[Hit]:
    """The best of them as hits, pages for other platforms folded."""
    ranked = ranked[: limit * _FOLDED_FROM]
    keys = [one.candidate.pk for one in ranked]
    texts = Translation.objects.select_related("article__product").defer("body", "html")
    rows = {row.pk: row for row in texts.filter(pk__in=keys, published_revision__isnull=False)}
    if version is not None:
        rows = {pk: row for pk, row in rows.items() if version in row.article.version_range}
    documents = {
        pk: (revision, prints)
        for pk, revision, prints in SearchDocument.objects.filter(pk__in=rows).values_list(
            "pk", "revision", "fingerprint"
        )
    }
    folded = ranking.fold(
        (one for one in ranked if one.candidate.pk in rows),
        platforms={pk: row.article.platforms for pk, row in rows.items()},
        fingerprints={pk: prints for pk, (_revision, prints) in documents.items()},
    )[:limit]
    passages = _passages([one for best, beneath in folded for one in (best, *beneath)])

    def hit(one: ranking.Ranked, beneath: Sequence[ranking.Ranked] = ()) -> Hit:
        row = rows[one.candidate.pk]
        is_current = documents.get(row.pk, (None,))[0] == row.published_revision
        heading, text = passages.get(row.pk, ("", "")) if is_current else ("", "")
        return Hit(
            kind="article",
            title=marked(row.title, weights),
            snippet=snippet(text or row.summary, weights),
            language=row.language,
            score=one.score,
            translation=row,
            section=heading,
            is_other_language=is_other_language,
            folded=[hit(other) for other in beneath],
        )

    return [hit(best, beneath) for best, beneath in folded]


def _passages(ranked: Sequence[ranking.Ranked]) -> dict[int, tuple[str, str]]:
    """The best passage of each text; its first where only its meaning fits."""
    wanted = {one.candidate.pk: one.candidate.passage or 0 for one in ranked}
    rows: Any = SearchPassage.objects.filter(
        document__in=wanted, number__in=set(wanted.values())
    ).values_list("document_id", "number", "heading", "text")
    return {
        document: (heading, text)
        for document, number, heading, text in rows
        if wanted[document] == number
    }


def _of_code(code: ErrorCode, language: str, weights: Mapping[str, float]) -> Hit:
    with override(Language(language).locale):
        return Hit(
            kind="error_code",
            title=marked(str(code), weights),
            snippet=snippet(code.meaning, weights),
            language=language,
            score=1.0,
            error_code=code,
        )


def _of_release(release: Release, language: str, weights: Mapping[str, float]) -> Hit:
    with override(Language(language).locale):
        return Hit(
            kind="release",
            title=marked(str(release), weights),
            snippet=snippet(release.note, weights),
            language=language,
            score=1.0,
            release=release,
        )
