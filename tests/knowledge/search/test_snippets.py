"""Snippets: the piece that answers, marked, and harmless."""

from __future__ import annotations

from knowledge.search.snippets import WIDTH, emphasized, marked, snippet
from knowledge.search.words import words


def weights(question: str) -> dict[str, float]:
    return {word: 1.0 + number for number, word in enumerate(words(question))}


def test_hits_are_marked_in_any_of_their_forms() -> None:
    assert marked("Expired tokens are refused", weights("token expires")) == (
        "<mark>Expired</mark> <mark>tokens</mark> are refused"
    )


def test_chinese_hits_that_touch_are_one_mark() -> None:
    assert marked("请修改登录密码。", weights("登录密码")) == "请修改<mark>登录密码</mark>。"


def test_what_somebody_wrote_stays_text() -> None:
    made = marked("<script>token</script> & \u202etoken", weights("token"))
    assert "<script>" not in made
    assert "&lt;script&gt;<mark>token</mark>&lt;/script&gt; &amp; " in made
    assert "\u202e" not in made


def test_the_piece_holds_the_most_of_what_was_asked() -> None:
    text = "token here. " + "x " * 400 + "the token has expired today " + "y " * 400
    made = snippet(text, weights("token expired"))
    assert "<mark>expired</mark>" in made
    assert made.startswith("… ")
    assert made.endswith(" …")
    assert len(made) < 2 * WIDTH


def test_words_of_the_same_weight_are_two() -> None:
    text = "alpha gamma " + "filler " * 80 + "alpha beta here is the answer " + "filler " * 40
    made = snippet(text, {"alpha": 2.0, "beta": 2.0, "gamma": 1.0})
    assert "the answer" in made


def test_without_a_hit_the_text_begins() -> None:
    assert snippet("Short text.", {}) == "Short text."


def test_emphasis_for_what_is_being_typed() -> None:
    assert emphasized("Push <b> on iOS", ["pus", "ios"]) == (
        "<mark>Pus</mark>h &lt;b&gt; on <mark>iOS</mark>"
    )
    assert emphasized("a.b", ["."]) == "a<mark>.</mark>b"
    assert emphasized("a", [""]) == "a"
