"""What to offer while somebody types: titles that hold it, and words that begin so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Q, Value
from django.db.models.functions import Length, StrIndex
from django.utils.safestring import SafeString

from accounts.viewer import Viewer
from knowledge.models import SearchWord, Translation
from knowledge.search.snippets import emphasized
from knowledge.search.words import normalized

SHORTEST: Final = 2  # characters, or one of Chinese
_READ: Final = 80  # characters of what was typed
_MOST_WORDS: Final = 3
_SHORTEST_WORD: Final = 3
_LAST: Final = "\U0010fffd"  # sorts behind every continuation of a word


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` goes into the search field; of an article, `key` leads to it. `shown` is HTML."""

    kind: Literal["article", "word"]
    text: str
    shown: SafeString
    key: str = ""


def suggest(typed: str, *, language: str, viewer: Viewer, limit: int = 8) -> list[Suggestion]:
    """Titles in that language this reader may read, then completions of the last word.

    Must run in a transaction as the reader's own role, as `find`.
    """
    text = " ".join(normalized(typed).split())[:_READ]
    if len(text) < SHORTEST and text.isascii():
        return []
    titles = _titles(text, language, viewer, limit)
    room = max(0, limit - len(titles))
    return titles + _words(text)[:room]


def _titles(text: str, language: str, viewer: Viewer, limit: int) -> list[Suggestion]:
    holds = Q()
    for part in text.split():
        holds &= Q(title__icontains=part)
    first = Value(text.split()[0].lower())
    rows: Any = (
        Translation.objects.visible_to(viewer)
        .published()
        .filter(holds, language=language)
        .order_by(StrIndex("title", first), Length("title"), "pk")
        .values_list("title", "article__key")[:limit]
    )
    return [
        Suggestion("article", title, emphasized(title, text.split()), key) for title, key in rows
    ]


def _words(text: str) -> list[Suggestion]:
    before, _space, last = text.rpartition(" ")
    last = last.lower()
    if len(last) < _SHORTEST_WORD or not last.isascii():
        return []
    rows = (
        SearchWord.objects.filter(shown__gt=last, shown__lt=last + _LAST, passages__gt=1)
        .order_by("-passages", "shown")
        .values_list("shown", flat=True)[:_MOST_WORDS]
    )
    made = [f"{before} {word}".strip() for word in rows]
    return [Suggestion("word", words, emphasized(words, [last])) for words in made]
