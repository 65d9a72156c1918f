"""In which order answers stand."""

from __future__ import annotations

from knowledge.search.ranking import Candidate, fold, rank

ONE = Candidate(pk=1, article=1, language="en", words=10.0, passage=0, revision=1, meaning=0.2)


def order(*candidates: Candidate, language: str = "en") -> tuple[list[int], list[int]]:
    mine, others = rank(candidates, language)
    return [one.candidate.pk for one in mine], [one.candidate.pk for one in others]


def test_words_and_meaning_are_added() -> None:
    by_words = ONE._replace(pk=2, article=2, words=8.0, meaning=0.1)
    by_meaning = ONE._replace(pk=3, article=3, words=7.0, meaning=0.9)
    assert order(by_words, ONE, by_meaning) == ([3, 1, 2], [])


def test_without_a_word_of_the_question_meaning_must_be_near() -> None:
    near = ONE._replace(pk=2, article=2, words=0.0, meaning=0.4)
    far = near._replace(pk=3, article=3, meaning=0.2)
    unknown = near._replace(pk=4, article=4, meaning=None)
    assert order(ONE, near, far, unknown) == ([1, 2], [])


def test_what_answers_in_one_language_is_answered_in_the_other() -> None:
    chinese = Candidate(
        pk=2, article=2, language="zh", words=20.0, passage=0, revision=1, meaning=0.5
    )
    parallel = chinese._replace(pk=3, language="en", words=0.0, meaning=0.1)
    assert order(ONE, chinese, parallel) == ([3, 1], [])
    assert order(ONE, chinese, parallel, language="zh") == ([2], [1])


def test_a_likely_parallel_counts_as_much_as_it_is_likely() -> None:
    chinese = Candidate(
        pk=2, article=2, language="zh", words=20.0, passage=0, revision=1, meaning=0.5
    )
    likely = ONE._replace(pk=3, article=3, words=0.0, meaning=0.1, parallel=2, likeness=0.9)
    assert order(ONE._replace(words=1.0, meaning=0.0), chinese, likely) == ([3, 1], [2])
    unlikely = likely._replace(likeness=0.6)
    assert order(ONE._replace(words=1.0, meaning=0.0), chinese, unlikely) == ([1, 3], [2])


def test_a_parallel_that_was_not_found_readable_counts_nothing() -> None:
    likely = ONE._replace(pk=3, article=3, words=0.0, meaning=0.1, parallel=2, likeness=0.9)
    assert order(ONE, likely) == ([1], [])


def test_pages_for_platforms_fold_and_others_do_not() -> None:
    ranked, _others = rank([ONE._replace(pk=n, article=n, words=10.0 - n) for n in (1, 2, 3)], "en")
    prints = list(range(40))
    folded = fold(
        ranked,
        platforms={1: ["ios"], 2: ["android"], 3: []},
        fingerprints={1: prints, 2: prints, 3: prints},
    )
    assert [(best.candidate.pk, [b.candidate.pk for b in beneath]) for best, beneath in folded] == [
        (1, [2]),
        (3, []),
    ]
