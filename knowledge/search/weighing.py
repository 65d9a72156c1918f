"""BM25: how much a word in a passage counts. Pure.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
their usual constants. Nothing here is tuned to any set of documents.
"""

from __future__ import annotations

import math
from typing import Final

SATURATION: Final = 1.2  # k1
LENGTH_COUNTS: Final = 0.75  # b
LATENT_SHARE: Final = 0.5  # of the cosine, beside the words' score scaled to at most 1


def impact(count: float, length: int, mean_length: float) -> float:
    """The word's part that depends on the passage alone: `count` times in `length` words."""
    longer = length / mean_length if mean_length else 1.0
    return (
        count
        * (SATURATION + 1)
        / (count + SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * longer))
    )


def rarity(passages: int, total: int) -> float:
    """Inverse document frequency of a word that stands in `passages` of `total`; above 0."""
    return math.log(1 + (total - passages + 0.5) / (passages + 0.5))
