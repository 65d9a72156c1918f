"""A published text as the index takes it in: its passages, and the words in each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from knowledge.search.fingerprints import fingerprint
from knowledge.search.passages import Passage, file_passages, passages
from knowledge.search.words import words

MOST_PASSAGES: Final = 500  # of a text; more is no page that anybody reads
# How often a word in the title counts in each passage, and one in a heading in its own. More hurt.
TITLE: Final = 2
HEADING: Final = 2


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    heading: str
    text: str
    counts: Counter[str]

    @property
    def length(self) -> int:
        return self.counts.total()


@dataclass(frozen=True, slots=True)
class Prepared:
    """`counts`: of the whole text, each word as often as it stands there."""

    passages: list[PreparedPassage]
    counts: Counter[str]
    fingerprint: list[int]


def prepare(
    *, title: str, summary: str = "", body: str, files: Iterable[tuple[str, str]] = ()
) -> Prepared:
    """The text of an article with its sample code, given as (path, content)."""
    parts = passages(body)
    for path, content in files:
        parts += file_passages(path, content)
    if summary or not parts:
        parts.insert(0, Passage("", summary, summary))
    parts = parts[:MOST_PASSAGES]
    of_title = Counter(words(title))
    whole = Counter(of_title)
    made = []
    for part in parts:
        heading, text = Counter(words(part.heading)), Counter(words(part.text))
        whole += heading + text
        counts = Counter(text)
        for word, count in of_title.items():
            counts[word] += TITLE * count
        for word, count in heading.items():
            counts[word] += HEADING * count
        made.append(PreparedPassage(part.heading, part.text, counts))
    prose = "\n".join(part.prose for part in parts)
    return Prepared(made, whole, fingerprint(prose))
