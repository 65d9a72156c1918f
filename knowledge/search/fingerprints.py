"""Whether two pages are nearly the same: pages written once for each platform are. Pure.

Broder, "On the resemblance and containment of documents" (1997): of the hashes of all runs of a
few words, the smallest ones are a fair sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from knowledge.search.words import number_of, words

RUN: Final = 4  # words
SAMPLE: Final = 48  # hashes kept of a page
_TO_31_BITS: Final = 32
FEWEST: Final = 12  # with less, pages are too short to be judged
ALIKE: Final = 0.6  # of what either says, both say

# What differs between pages that say the same.
_PLATFORMS: Final = frozenset(
    word
    for name in (
        "Android iOS iPadOS web Flutter React Native Unity Windows macOS server desktop"
    ).split()
    for word in words(name)
)


def fingerprint(prose: str) -> list[int]:
    """The smallest hashes of the text's runs of words, in order; names of platforms left out."""
    kept = [word for word in words(prose) if word not in _PLATFORMS]
    runs = {
        number_of(" ".join(kept[start : start + RUN])) >> _TO_31_BITS
        for start in range(len(kept) - RUN + 1)
    }
    return sorted(runs)[:SAMPLE]


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of common runs among all runs of both, 0 to 1; 0 for very short pages."""
    if min(len(one), len(other)) < FEWEST:
        return 0.0
    sample = sorted({*one, *other})[: min(SAMPLE, max(len(one), len(other)))]
    both = {*one} & {*other}
    return sum(value in both for value in sample) / len(sample)
