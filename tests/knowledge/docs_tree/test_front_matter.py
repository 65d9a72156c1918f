"""What the head of a page says, and what is refused with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge.docs_tree.front_matter import key_of, parse, write
from knowledge.docs_tree.page import Unreadable

HEAD = """---
key: token-expired
title: The token has expired
language: en
kind: troubleshooting
product: im
platforms: [android, ios]
versions: ">=4.0.0,<6.0.0"
audience: plan
plans: [premium]
categories: [tokens]
summary: What to do.
review: 2027-03-01
tested_with: '5.3'
checked: 2026-11-02
---
## Why

It is old.
"""


def test_everything_a_head_can_say() -> None:
    page = parse(HEAD, "en/im/anything.md")
    assert (page.key, page.language, page.title) == ("token-expired", "en", "The token has expired")
    assert (page.summary, page.body) == ("What to do.", "## Why\n\nIt is old.\n")
    shared = page.shared
    assert (shared.kind, shared.product, shared.platforms) == (
        "troubleshooting",
        "im",
        ("android", "ios"),
    )
    assert (shared.versions_from, shared.versions_before) == ("4.0.0", "6.0.0")
    assert (shared.audience, shared.plans, shared.categories) == ("plan", ("premium",), ("tokens",))
    assert (shared.review, shared.checked) == (dt.date(2027, 3, 1), dt.date(2026, 11, 2))
    assert shared.tested_with == "5.3.0"


def test_a_page_written_and_read_again_is_the_same() -> None:
    page = parse(HEAD, "en/im/token-expired.md")
    assert parse(write(page), page.source) == page


def test_what_the_head_leaves_out_is_found_where_people_put_it() -> None:
    page = parse("# Old tokens\n\nAsk for a new one.\n", "zh/im/tokens/old.md")
    assert (page.language, page.title, page.key) == ("zh", "Old tokens", "im-tokens-old")
    assert page.body == "Ask for a new one.\n"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("---\ntitle: A\n", "no end"),
        ("---\ntitle: [A\n---\n", "Broken YAML in line"),
        ("---\n- a\n---\n", "no list of names"),
        ("---\ntitle: A\ncolour: red\n---\n", "Unknown in the front matter: colour"),
        ("---\ntitle: A\nlanguage: fr\n---\n", "say en or zh"),
        ("---\nlanguage: en\n---\ntext", "title is missing"),
        ("---\ntitle: A\nlanguage: en\nkey: a b\n---\n", "A key has letters"),
        ("---\ntitle: A\nlanguage: en\nkind: poem\n---\n", "kind is one of"),
        ("---\ntitle: A\nlanguage: en\nplatforms: [dos]\n---\n", "not “dos”"),
        ("---\ntitle: A\nlanguage: en\nplatforms: 7\n---\n", "no list of words"),
        ("---\ntitle: A\nlanguage: en\nversions: '>=5,<4'\n---\n", "Write versions like"),
        ("---\ntitle: A\nlanguage: en\nversions: '~=5'\n---\n", "Write versions like"),
        ("---\ntitle: A\nlanguage: en\ntested_with: new\n---\n", "tested_with like"),
        ("---\ntitle: A\nlanguage: en\nreview: soon\n---\n", "review is a day"),
        ("---\ntitle: {a: 1}\nlanguage: en\n---\n", "title is no text"),
        ("---\na: &a [x]\nb: *a\n---\n", "aliases"),
        ("---\ntitle: !!python/object:os.system x\n---\n", "Broken YAML"),
        ("---\n" + "[" * 5000 + "\n---\n", "Broken YAML"),
        ("---\ntitle: " + "x" * 30_000 + "\n---\n", "too long"),
    ],
)
def test_what_is_refused(written: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse(written, "somewhere/page.md")


def test_keys_of_long_and_foreign_paths_stay_apart() -> None:
    assert key_of("im/tokens") == "im-tokens"
    keys = {key_of("常见问题/消息"), key_of("常见问题/登录"), key_of("a" * 200), key_of("a" * 201)}
    assert len(keys) == 4
    assert all(0 < len(key) <= 80 for key in keys)
