"""Headings and the list of contents."""

from __future__ import annotations

import pytest

from tests.knowledge.article_text.rendering import html, rendered


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("Renew the token", "renew-the-token"),
        ("续期", "续期"),
        ("3. 一个房间或群慢", "3-一个房间或群慢"),
        ("A & B", "a--b"),
        ("`renewToken()` fails", "renewtoken-fails"),
        ("!!!", "section"),
        ("Main", "section-main"),
        ("Docs feedback", "section-docs-feedback"),
        ("令牌：续期", "令牌续期"),
    ],
)
def test_anchors_are_made_of_the_words(words: str, anchor: str) -> None:
    made = rendered(f"## {words}\n")
    assert [heading["anchor"] for heading in made.contents] == [anchor]
    assert f'<h2 id="{anchor}">' in made.html


def test_anchors_are_unique_and_stay_when_others_come_after() -> None:
    anchors = [one["anchor"] for one in rendered("## A\n\n## A\n\n## A-1\n\n## A\n").contents]
    assert anchors == ["a", "a-1", "a-1-1", "a-2"]


def test_contents_have_two_levels_in_order() -> None:
    made = rendered("## One\n\n### Two *and* `a<b`\n\n#### Three\n\n> ## quoted\n")
    assert made.contents == [
        {"level": 2, "anchor": "one", "text": "One"},
        {"level": 3, "anchor": "two-and-ab", "text": "Two and a<b"},
    ]


def test_the_title_of_the_page_is_its_only_heading_of_the_first_level() -> None:
    assert "<h1" not in html("# Title\n\nTitle\n=====\n")
    assert '<h2 id="title">' in html("# Title\n")


def test_a_heading_is_a_link_to_itself_for_the_mouse() -> None:
    assert '<a class="anchor" href="#续期" aria-hidden="true" tabindex="-1"></a></h2>' in html(
        "## 续期\n"
    )


def test_ten_thousand_equal_headings_take_no_longer_than_their_number() -> None:
    assert rendered("## a\n\n" * 10_000).contents[-1]["anchor"] == "a-9999"
