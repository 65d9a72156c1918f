"""Meaning of words across both languages, learnt from pages that exist in both.

Cross-language latent semantic indexing (Dumais, Letsche, Littman, Landauer 1997): a page and its
translation are one document, and so are their sections; a truncated singular value decomposition
of the weighted counts then places words that occur together, of either language, close by.

Needs numpy and scipy, which take their time to load: imported when learning begins, in the
worker, never in a process that serves pages.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

DIMENSIONS: Final = 300
DOCUMENTS_EACH: Final = 3  # documents for a dimension, at least; with fewer, languages stay apart
MOST_WORDS: Final = 60_000  # the most frequent ones; bounds memory to some 500 MB
FEWEST_DOCUMENTS: Final = 2  # a word that stands in one document relates to nothing
_ROUNDS: Final = 3
_MORE: Final = 20  # dimensions looked at beyond those kept
_SEED: Final = 20  # the same documents give the same vectors


@dataclass(frozen=True, slots=True)
class Space:
    """`vectors`: a row for each word of `numbers`, already scaled by how rare the word is."""

    numbers: Mapping[str, int]
    vectors: Matrix

    def place(self, documents: Iterable[Mapping[str, int]]) -> Matrix:
        """A unit vector for each document, given as counts of its words; zero for unknown words."""
        import numpy as np

        counts = _matrix(list(documents), self.numbers)
        placed = counts @ self.vectors
        lengths = np.linalg.norm(placed, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        made: Matrix = (placed / lengths).astype(np.float32)
        return made


def learn(documents: Sequence[Sequence[str]]) -> Space:
    """Learn from documents as lists of words; an empty space where there is too little."""
    import numpy as np
    import scipy.sparse

    counted = [Counter(document) for document in documents]
    spread = Counter(word for counts in counted for word in counts)
    known = [word for word, count in spread.most_common(MOST_WORDS) if count >= FEWEST_DOCUMENTS]
    numbers = {word: number for number, word in enumerate(known)}
    rare = np.array(
        [math.log(len(counted) / spread[word]) for word in known], dtype=np.float32
    ).reshape(-1, 1)
    dimensions = min(DIMENSIONS, len(known), len(counted) // DOCUMENTS_EACH)
    if dimensions < 1:
        return Space({}, np.zeros((0, DIMENSIONS), dtype=np.float32))
    counts = _matrix(counted, numbers) @ scipy.sparse.diags_array(rare.ravel())
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    lengths[lengths == 0] = 1
    scaled = (scipy.sparse.diags_array((1 / lengths).astype(np.float32)) @ counts).tocsr()
    directions = _main_directions(scaled, dimensions)
    vectors = np.zeros((len(known), DIMENSIONS), dtype=np.float32)
    # Only the angle between sums counts: scaled to fit numbers of half precision.
    vectors[:, : directions.shape[1]] = directions * rare * math.sqrt(len(known)) / DIMENSIONS
    return Space(numbers, vectors)


def likeliest_parallels(
    one: Matrix, other: Matrix, *, least: float
) -> list[tuple[int, int, float]]:
    """Rows that are each other's nearest across both matrices: (row, row, cosine ≥ `least`)."""
    import numpy as np

    if not len(one) or not len(other):
        return []
    there = np.zeros(len(one), dtype=np.int64)
    best = np.full(len(other), -1.0, dtype=np.float32)
    back = np.zeros(len(other), dtype=np.int64)
    likeness = np.zeros(len(one), dtype=np.float32)
    for start in range(0, len(one), 1000):
        cosines = one[start : start + 1000] @ other.T
        there[start : start + 1000] = cosines.argmax(axis=1)
        likeness[start : start + 1000] = cosines.max(axis=1)
        nearer = cosines.max(axis=0) > best
        back[nearer] = start + cosines.argmax(axis=0)[nearer]
        best = np.maximum(best, cosines.max(axis=0))
    return [
        (row, int(there[row]), float(likeness[row]))
        for row in range(len(one))
        if back[there[row]] == row and likeness[row] >= least
    ]


def _matrix(documents: Sequence[Mapping[str, int]], numbers: Mapping[str, int]) -> Any:
    """Dampened counts, a row a document, a column a word."""
    import numpy as np
    import scipy.sparse

    rows, columns, values = [], [], []
    for row, counts in enumerate(documents):
        for word, count in counts.items():
            if (column := numbers.get(word)) is not None:
                rows.append(row)
                columns.append(column)
                values.append(1 + math.log(count))
    return scipy.sparse.csr_array(
        (np.array(values, dtype=np.float32), (rows, columns)),
        shape=(len(documents), len(numbers)),
    )


def _main_directions(counts: Any, dimensions: int) -> Matrix:
    """The words' side of the truncated decomposition, by random projections.

    Halko, Martinsson, Tropp (2011), algorithm 4.4: a few rounds of power iteration on a random
    subspace, exact enough for cosines at a fraction of the cost.
    """
    import numpy as np

    chance = np.random.default_rng(_SEED)
    width = dimensions + _MORE
    projected = counts @ chance.standard_normal((counts.shape[1], width), dtype=np.float32)
    for _ in range(_ROUNDS):
        basis, _upper = np.linalg.qr(projected)
        projected = counts @ (counts.T @ basis)
    basis, _upper = np.linalg.qr(projected)
    _left, _values, right = np.linalg.svd((counts.T @ basis).T, full_matrices=False)
    made: Matrix = right[:dimensions].T
    return made
