"""Words of both languages that mean the same come to lie close by."""

from __future__ import annotations

import random

from knowledge.search import latent

CHANCE = random.Random(3)  # noqa: S311  pages by chance, the same each time
TOPICS = [[f"{language}{topic}x{n}" for n in range(8)] for topic in range(12) for language in "ez"]


def pages() -> list[list[str]]:
    """Pages on one topic each, in both languages as one."""
    made = []
    for number in range(120):
        topic = number % 12
        english, chinese = TOPICS[2 * topic], TOPICS[2 * topic + 1]
        made.append(CHANCE.choices(english, k=12) + CHANCE.choices(chinese, k=12))
    return made


def test_a_question_in_one_language_lies_by_the_page_in_the_other() -> None:
    space = latent.learn(pages())
    questions = space.place(dict.fromkeys(TOPICS[2 * topic][:3], 1) for topic in range(12))
    texts = space.place(dict.fromkeys(TOPICS[2 * topic + 1][3:], 1) for topic in range(12))
    assert list((questions @ texts.T).argmax(axis=1)) == list(range(12))


def test_the_same_pages_give_the_same_space() -> None:
    known = pages()
    one, other = latent.learn(known), latent.learn(known)
    assert (one.vectors == other.vectors).all()


def test_too_little_to_learn_from_gives_an_empty_space() -> None:
    space = latent.learn([["one", "word"], ["two", "words"]])
    assert not space.numbers
    assert space.place([{"one": 1}]).shape == (1, latent.DIMENSIONS)
    assert not latent.learn([]).numbers


def test_each_others_nearest_are_taken_for_parallels() -> None:
    space = latent.learn(pages())
    english = space.place(dict.fromkeys(TOPICS[2 * topic], 1) for topic in range(12))
    chinese = space.place(dict.fromkeys(TOPICS[2 * topic + 1], 1) for topic in range(6))
    found = latent.likeliest_parallels(english, chinese, least=0.6)
    assert [(row, other) for row, other, _likeness in found] == [(n, n) for n in range(6)]
    assert latent.likeliest_parallels(english[:0], chinese, least=0.6) == []
