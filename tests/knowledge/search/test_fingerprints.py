"""Pages that say nearly the same."""

from __future__ import annotations

import random

from knowledge.search.fingerprints import ALIKE, fingerprint, resemblance

CHANCE = random.Random(5)  # noqa: S311  text by chance, the same each time
VOCABULARY = [a + b + c for a in "bdfgk" for b in "aeiou" for c in "lmnrt"]
TEXT = [CHANCE.choice(VOCABULARY) for _ in range(300)]


def like(one: list[str], other: list[str]) -> float:
    return resemblance(fingerprint(" ".join(one)), fingerprint(" ".join(other)))


def test_the_same_page_for_another_platform() -> None:
    android = TEXT[:150] + ["Android"] + TEXT[150:]
    ios = TEXT[:150] + ["iOS"] + TEXT[150:]
    assert like(android, ios) == 1.0


def test_a_sentence_more_is_still_nearly_the_same() -> None:
    assert like(TEXT, TEXT[:200] + ["another", "thing", "here"] + TEXT[200:]) >= ALIKE


def test_another_page_is_not() -> None:
    other = [CHANCE.choice(VOCABULARY) for _ in range(300)]
    assert like(TEXT, other) < 0.1


def test_half_of_a_page_is_not() -> None:
    assert like(TEXT, TEXT[:120]) < ALIKE


def test_short_pages_are_not_judged() -> None:
    assert like(TEXT[:8], TEXT[:8]) == 0.0
