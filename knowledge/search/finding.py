"""The search itself: a question in, hits out, each one readable by who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
            codes = named.error_codes(
                cursor,
                text,
                product=product,
                platform=platform,
                corrected=asked.corrected.values(),
            )
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
            answer = _Answer(asked, viewer, wanted)
            hits += answer.hits(mine[: limit * _FOLDED_FROM], others[:MOST_OTHERS], limit)
    return Found(hits, asked.corrected)


def _version(text: str) -> versions.Version | None:
    try:
        return versions.parse(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Answer:
    """Makes hits of ranked texts, for one reader and one question."""

    asked: question.Question
    viewer: Viewer
    version: versions.Version | None

    def hits(
        self, mine: Sequence[ranking.Ranked], others: Sequence[ranking.Ranked], limit: int
    ) -> list[Hit]:
        """The best `limit` of mine and all others, pages for other platforms folded beneath."""
        rows = self._texts([one.candidate.pk for one in (*mine, *others)])
        folded = [
            found
            for ranked, most in ((mine, limit), (others, MOST_OTHERS))
            for found in self._folded(ranked, rows)[:most]
        ]
        passages = _passages(one.candidate for best, beneath in folded for one in (best, *beneath))
        elsewhere = {one.candidate.pk for one in others}

        def hit(one: ranking.Ranked, beneath: Sequence[ranking.Ranked] = ()) -> Hit:
            row = rows[one.candidate.pk]
            is_current = one.candidate.revision == row.published_revision
            heading, text = passages.get(row.pk, ("", "")) if is_current else ("", "")
            return Hit(
                kind="article",
                title=marked(row.title, self.asked.forms),
                snippet=snippet(text or row.summary, self.asked.forms),
                language=row.language,
                score=one.score,
                translation=row,
                section=heading,
                is_other_language=row.pk in elsewhere,
                folded=[hit(other) for other in beneath],
            )

        return [hit(best, beneath) for best, beneath in folded]

    def _texts(self, keys: Sequence[int]) -> dict[int, Translation]:
        """As they are now, for this reader: the index may be a minute behind."""
        rows = Translation.objects.visible_to(self.viewer).published().filter(pk__in=keys)
        texts = rows.select_related("article__product").defer("body", "html", "contents")
        return {
            row.pk: row
            for row in texts.order_by()
            if self.version is None or self.version in row.article.version_range
        }

    def _folded(
        self, ranked: Sequence[ranking.Ranked], rows: Mapping[int, Translation]
    ) -> list[tuple[ranking.Ranked, list[ranking.Ranked]]]:
        shown = [one for one in ranked if one.candidate.pk in rows]
        platforms = {
            one.candidate.pk: rows[one.candidate.pk].article.platforms
            for one in shown
            if rows[one.candidate.pk].article.platforms
        }
        fingerprints: dict[int, Sequence[int]] = {}
        if len(platforms) > 1:
            documents = SearchDocument.objects.filter(pk__in=platforms)
            fingerprints = dict(documents.values_list("pk", "fingerprint"))
        return ranking.fold(shown, platforms=platforms, fingerprints=fingerprints)


def _passages(found: Iterable[ranking.Candidate]) -> dict[int, tuple[str, str]]:
    """Heading and text of what answers best; a text's first where only its meaning fits."""
    wanted = {one.pk: one.passage for one in found}
    rows: Any = SearchPassage.objects.filter(document__in=wanted, number__in=set(wanted.values()))
    return {
        document: (heading, text)
        for document, number, heading, text in rows.values_list(
            "document_id", "number", "heading", "text"
        )
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
