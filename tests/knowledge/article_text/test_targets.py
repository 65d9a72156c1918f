"""Where links and images of an article lead."""

from __future__ import annotations

import pytest

from knowledge.article_text.surroundings import Picture, Problem
from tests.knowledge.article_text.rendering import html, rendered

TOKEN = frozenset({"token-expired"})


def test_a_link_to_an_article_is_one_to_its_page_in_this_language() -> None:
    body = "[x](article:token-expired) [y](article:token-expired#续期)"
    made = html(body, language="zh", articles=TOKEN)
    assert '<a href="/docs/zh/a/token-expired/">x</a>' in made
    assert '<a href="/docs/zh/a/token-expired/#%E7%BB%AD%E6%9C%9F">y</a>' in made


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[x](article:nobody)", Problem("link", "article:nobody")),
        ("[x](../errors/nobody.md)", Problem("link", "../errors/nobody.md")),
        ("[x](#nowhere)", Problem("anchor", "#nowhere")),
        ("[x](//evil.example)", Problem("link", "//evil.example")),
        ("![x](images/none.png)", Problem("image", "images/none.png")),
        ("{{file: src/None.kt}}", Problem("file", "src/None.kt")),
    ],
)
def test_what_leads_nowhere_is_plain_text_and_is_reported(body: str, problem: Problem) -> None:
    made = rendered(f"{body}\n\n{body}\n")
    assert made.problems == (problem,)
    assert "<a " not in made.html
    assert "<img" not in made.html


def test_an_anchor_of_the_same_page_is_kept() -> None:
    made = rendered("[x](#续期)\n\n## 续期\n")
    assert '<a href="#%E7%BB%AD%E6%9C%9F">x</a>' in made.html
    assert made.problems == ()


def test_links_elsewhere_give_nothing_away() -> None:
    made = html("[x](https://a.example/) and https://b.example/.")
    assert '<a href="https://a.example/" rel="noopener noreferrer">x</a>' in made
    assert '<a href="https://b.example/" rel="noopener noreferrer">' in made


def test_an_image_of_the_article_has_its_place_kept_free() -> None:
    pictures = {"images/flow.png": Picture("images/flow.png", 640, 480)}
    made = html('![The flow](./images/flow.png "Login")', pictures=pictures)
    assert (
        '<img src="/docs/files/about/images/flow.png" alt="The flow" width="640" height="480"'
        ' title="Login" loading="lazy" decoding="async">' in made
    )


def test_images_from_elsewhere_are_not_fetched() -> None:
    made = html("![chart](https://a.example/x.png) ![](http://a.example/y.png)")
    assert "<img" not in made
    assert '<a href="https://a.example/x.png" rel="noopener noreferrer">chart</a>' in made
    assert ">http://a.example/y.png</a>" in made


def test_a_file_of_sample_code_stands_where_it_is_named() -> None:
    made = html("Before\n\n{{file: src/Main.kt}}\n\nAfter", samples={"src/Main.kt": "val a = 1"})
    assert "<figcaption>src/Main.kt</figcaption>" in made
    assert '<span class="kd">val</span>' in made
    assert "{{file" not in made


def test_naming_a_file_within_a_sentence_is_only_words() -> None:
    made = html("Write {{file: src/Main.kt}} for it.", samples={"src/Main.kt": "val a"})
    assert "{{file: src/Main.kt}}" in made
