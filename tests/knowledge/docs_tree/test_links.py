"""Relative links become independent of the file they stand in."""

from __future__ import annotations

import pytest

from knowledge.docs_tree.links import rewrite

PLACES = {
    "b.md": "article:b",
    "b.md#x": "article:b#x",
    "a.png": "images/a.png",
    "c d.md": "article:c",
}


def resolve(target: str, is_image: bool) -> str | None:
    return PLACES.get(target)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("[B](b.md)", "[B](article:b)"),
        ("[`B`](b.md#x) and [B](b.md)", "[`B`](article:b#x) and [B](article:b)"),
        ("![A](a.png)", "![A](images/a.png)"),
        ("[![A](a.png)](b.md)", "[![A](images/a.png)](article:b)"),
        ('[B](b.md "Title")', '[B](article:b "Title")'),
        ("[C](c%20d.md)", "[C](article:c)"),
        ("[B]: b.md", "[B]: article:b"),
        ("`[B](b.md)`", "`[B](b.md)`"),
        ("```\n[B](b.md)\n```\n[B](b.md)", "```\n[B](b.md)\n```\n[B](article:b)"),
        ("````\n```\n[B](b.md)\n````", "````\n```\n[B](b.md)\n````"),
        ("[W](https://example.com/b.md)", "[W](https://example.com/b.md)"),
        ("[M](mailto:a@b.example)", "[M](mailto:a@b.example)"),
        ("[here](#below)", "[here](#below)"),
        ("[root](/docs/)", "[root](/docs/)"),
        ("no link (b.md) at [all]", "no link (b.md) at [all]"),
    ],
)
def test_what_a_link_becomes(written: str, kept: str) -> None:
    assert rewrite(written, "p.md", resolve) == (kept, [])


def test_what_leads_nowhere_is_left_and_reported() -> None:
    body, problems = rewrite("[gone](gone.md) ![gone](gone.png)", "en/p.md", resolve)
    assert body == "[gone](gone.md) ![gone](gone.png)"
    assert [str(problem) for problem in problems] == [
        "en/p.md: leads nowhere: gone.md",
        "en/p.md: leads nowhere: gone.png",
    ]


def test_a_line_of_brackets_ends_soon() -> None:
    hostile = "[" * 20_000 + "](" * 20_000
    assert rewrite(hostile, "p.md", resolve)[0] == hostile
