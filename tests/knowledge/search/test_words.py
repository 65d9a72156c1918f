"""Which words a text has for the search."""

from __future__ import annotations

import pytest

from knowledge.search.words import LONGEST_WORD, number_of, stem, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("joinChannel", {"joinchannel", "join", "channel"}),
        ("ERR_TOKEN_EXPIRED", {"err_token_expired", "err", "token", "expir"}),
        ("im.push.token", {"im.push.token", "im", "push", "token"}),
        ("v5.2.1", {"5.2.1", "5.2"}),
        ("5.3.0-rc.1", {"5.3.0-rc.1", "5.3"}),
        ("C++ and C#", {"c++", "c#"}),
        ("错误码101204", {"错误", "误码", "101204"}),
        ("ＳＤＫ　４．２", {"sdk", "4.2"}),
        ("海", {"海"}),
    ],
)
def test_identifiers_versions_and_chinese(text: str, wanted: set[str]) -> None:
    assert set(words(text)) == wanted


def test_words_that_ask_are_left_out() -> None:
    assert words("How do I mute the remote user?") == ["mute", "remot", "user"]
    assert words("如何修改昵称？") == words("怎么修改昵称") == words("修改昵称")
    assert words("如何") == words("How to?") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("tokens", "token"), ("expired", "expires"), ("joining", "joined"), ("policies", "policy")],
)
def test_endings_do_not_matter(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["status", "class", "dns", "ios", "axis", "5xx", "über"])
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert stem(word) == word


@pytest.mark.parametrize("text", ["", " ", "?!…", "%_\\", "'\"", "\x00", "🙂🙂", "——"])
def test_no_words_in_marks(text: str) -> None:
    assert [word for word in words(text) if word != "_"] == []


def test_a_word_longer_than_any_is_none() -> None:
    assert words("x" * (LONGEST_WORD + 1)) == []


def test_numbers_of_words_fit_the_column_and_stay() -> None:
    assert number_of("token") == 2270061934151060922
    assert 0 <= number_of("tokens") < 2**63


@pytest.mark.parametrize("text", ["_", "%_\\", "__ _ ___", "!?", "'\"", "🙂"])
def test_punctuation_alone_has_no_words(text: str) -> None:
    assert words(text) == []
