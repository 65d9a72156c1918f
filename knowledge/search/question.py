"""What is asked: the words of a question, how much each weighs, and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from knowledge.search import weighing
from knowledge.search.words import forms, normalized, number_of

LONGEST: Final = 2_000  # characters of a question that are read
MOST_WORDS: Final = 40  # of them, the rarest ones
MOST_PASSAGES: Final = 12_000  # looked at for one question, so that its time is bounded
MOST_CORRECTED: Final = 4  # words
SHORTEST_CORRECTED: Final = 4  # letters
LEAST_ALIKE: Final = 0.45  # share of common trigrams, below which no other word is meant
CORRECTED_WEIGHS: Final = 0.8  # against a word that was typed as it is known

_LEARNT: Final = """
select number, rarity, passages from knowledge_searchword where number = any(%s::bigint[])
"""
_SIMILAR: Final = "select typed, number, shown, rarity, likeness from vigil_similar_words(%s, %s)"


@dataclass(slots=True)
class Question:
    """`weights`: each word's number and how much it weighs; `forms`, the same by its form.

    `corrected`: words nobody wrote yet, and what is taken for them.
    """

    text: str
    weights: dict[int, float] = field(default_factory=dict)
    forms: dict[str, float] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)


def read(cursor: Any, text: str) -> Question:
    """Understand what somebody typed, whatever it is; without words, nothing is asked."""
    question = Question(normalized(text[:LONGEST]))
    surfaces = dict(forms(question.text))
    if not surfaces:
        return question
    numbers = {number_of(word): word for word in surfaces}
    cursor.execute(_LEARNT, [list(numbers)])
    learnt = {number: (rarity, passages) for number, rarity, passages in cursor.fetchall()}
    cursor.execute("select passages from knowledge_searchlearning")
    total = (cursor.fetchone() or [0])[0]
    unknown = weighing.rarity(0, total)
    rated = sorted(
        ((learnt.get(number, (unknown, 0)), number) for number in numbers),
        key=lambda row: (-row[0][0], row[1]),
    )
    left = MOST_PASSAGES
    for (rarity, passages), number in rated[:MOST_WORDS]:
        if passages > left and question.weights:
            continue
        left -= passages
        question.weights[number] = rarity
        question.forms[numbers[number]] = rarity
    mistyped = [
        surfaces[word]
        for number, word in numbers.items()
        if number not in learnt and _may_be_mistyped(surfaces[word])
    ]
    if mistyped and total:
        _correct(cursor, question, mistyped[:MOST_CORRECTED])
    return question


def _may_be_mistyped(word: str) -> bool:
    return len(word) >= SHORTEST_CORRECTED and word.isascii() and word.isalpha()


def _correct(cursor: Any, question: Question, mistyped: list[str]) -> None:
    cursor.execute(_SIMILAR, [mistyped, LEAST_ALIKE])
    for typed, number, shown, rarity, likeness in cursor.fetchall():
        question.corrected.setdefault(typed, shown)
        weight = rarity * likeness * CORRECTED_WEIGHS
        question.weights[number] = max(weight, question.weights.get(number, 0.0))
        for form, _surface in forms(shown):
            question.forms[form] = max(weight, question.forms.get(form, 0.0))
