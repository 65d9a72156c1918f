"""Put what was found in order. Pure.

The words' score, scaled to at most 1, and the likeness of meaning are added (adding beat merging
the two orders). An article is as good as its better language: what answers in one language is
answered with its parallel page in the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from knowledge.search.fingerprints import ALIKE, resemblance
from knowledge.search.weighing import LATENT_SHARE

LEAST_LIKENESS: Final = 0.25  # of meaning, for a text without a single word of the question


class Candidate(NamedTuple):
    """A text that may answer; there are hundreds of them for each question.

    `words` is its best passage's score, `passage` that one's number; `revision` is the one that
    is indexed; `meaning` the cosine (None: not known), `nearness` the same by an outside service.
    """

    pk: int
    article: int
    language: str
    words: float
    passage: int
    revision: int
    meaning: float | None
    parallel: int | None = None
    likeness: float = 0.0
    nearness: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    candidate: Candidate
    score: float


def rank(candidates: Sequence[Candidate], language: str) -> tuple[list[Ranked], list[Ranked]]:
    """What answers in that language, best first; and what there is in the other language only."""
    best = {c.pk: c for c in candidates}
    twins = {(c.article, c.language): c for c in candidates}
    highest: dict[str, float] = {}
    for c in candidates:
        highest[c.language] = max(highest.get(c.language, 0.0), c.words)
    anywhere = max(highest.values(), default=0.0)
    mine, others = [], []
    for c in candidates:
        other = next(
            (twins[c.article, lang] for lang in highest if lang != c.language
             and (c.article, lang) in twins),
            None,
        )  # fmt: skip
        scores = [_score(c, highest[c.language])]
        if other is not None:
            scores.append(_score(other, anywhere))
        elif c.parallel in best:
            scores.append(c.likeness * _score(best[c.parallel], anywhere))
        score = max(scores)
        if score <= 0:
            continue
        if c.language == language:
            mine.append(Ranked(c, score))
        elif other is None:
            others.append(Ranked(c, score))
    return _ordered(mine), _ordered(others)


def fold(
    ranked: Iterable[Ranked],
    *,
    platforms: Mapping[int, Sequence[str]],
    fingerprints: Mapping[int, Sequence[int]],
) -> list[tuple[Ranked, list[Ranked]]]:
    """Nearly the same page for another platform goes beneath the better one.

    Both mappings by the text's number; pages for all platforms stay as they are.
    """
    made: list[tuple[Ranked, list[Ranked]]] = []
    for one in ranked:
        for best, beneath in made:
            a, b = best.candidate.pk, one.candidate.pk
            if (
                platforms.get(a)
                and platforms.get(b)
                and set(platforms[a]) != set(platforms[b])
                and resemblance(fingerprints.get(a, ()), fingerprints.get(b, ())) >= ALIKE
            ):
                beneath.append(one)
                break
        else:
            made.append((one, []))
    return made


def _score(candidate: Candidate, highest: float) -> float:
    """0 for what has no word of the question and means something else."""
    meaning = max(candidate.meaning or 0.0, candidate.nearness or 0.0)
    if not candidate.words and meaning < LEAST_LIKENESS:
        return 0.0
    return (candidate.words / highest if highest else 0.0) + LATENT_SHARE * meaning


def _ordered(ranked: list[Ranked]) -> list[Ranked]:
    return sorted(ranked, key=lambda one: (-one.score, one.candidate.pk))
