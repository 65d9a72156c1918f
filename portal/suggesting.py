"""Answers to a ticket while it is being written: the codes it names, then articles.

The title is asked first; what was written below it fills up what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from accounts.viewer import Viewer
from knowledge.addresses import article_path
from knowledge.error_mentions import error_codes_in
from knowledge.languages import Language
from knowledge.models import ErrorCode, Product, Translation
from knowledge.search import Hit, find

MOST: Final = 5
MOST_CODES: Final = 3
OF_BODY: Final = 600  # characters of the text that are searched for
SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """An article that may answer it. `title` and `snippet` may hold marks; safe HTML."""

    key: str
    language: str
    title: str
    snippet: str
    kind: str

    @property
    def href(self) -> str:
        return article_path(self.key, self.language)


@dataclass(frozen=True, slots=True)
class Suggestions:
    codes: tuple[ErrorCode, ...] = ()
    answers: tuple[Answer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.answers)


def suggest(
    *,
    subject: str,
    body: str,
    product: Product | None,
    platform: str,
    version: str,
    language: Language,
    viewer: Viewer,
) -> Suggestions:
    """At most five articles and three codes, all readable by the viewer, whose role must act."""
    codes = error_codes_in(f"{subject}\n{body}", product=product, platform=platform)[:MOST_CODES]
    found: dict[str, Answer] = {}
    _add(found, _of_codes(codes, language, viewer))
    # What is about the product comes first; people mistake one product for another, though.
    questions = ((subject, product), (subject, None), (body[:OF_BODY], product))
    for text, about in dict.fromkeys(questions):
        if len(found) < MOST and len(text.strip()) >= SHORTEST:
            hits = find(
                text,
                language=language,
                viewer=viewer,
                product=about,
                platform=platform,
                version=version if about else "",
                limit=MOST,
            )
            _add(found, map(_of_hit, hits.articles))
    return Suggestions(tuple(codes), tuple(found.values()))


def _add(found: dict[str, Answer], answers: Iterable[Answer]) -> None:
    for answer in answers:
        if len(found) < MOST:
            found.setdefault(answer.key, answer)


def _of_codes(codes: list[ErrorCode], language: Language, viewer: Viewer) -> list[Answer]:
    """The articles of codes, in the reader's language where there is one."""
    wanted = [code.article_id for code in codes if code.article_id]
    if not wanted:
        return []
    texts = (
        Translation.objects.visible_to(viewer)
        .published()
        .filter(article__in=wanted)
        .select_related("article")
        .defer("body", "html", "contents")
    )
    chosen: dict[int, Translation] = {}
    for text in texts:
        if text.article_id not in chosen or text.language == language:
            chosen[text.article_id] = text
    return [_of_text(chosen[pk]) for pk in dict.fromkeys(wanted) if pk in chosen]


def _of_text(text: Translation) -> Answer:
    """Plain words; the template escapes them."""
    kind = text.article.get_kind_display()
    return Answer(text.article.key, text.language, text.title, text.summary, kind)


def _of_hit(hit: Hit) -> Answer:
    kind = hit.translation.article.get_kind_display() if hit.translation else ""
    return Answer(hit.key, hit.language, hit.title, hit.snippet, kind)
