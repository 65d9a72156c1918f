"""Cases 28, 34 and 36 in articles: what is written there is shown, and does nothing else."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge.article_text.surroundings import Picture
from tests import factories
from tests.knowledge.article_text.rendering import html
from tests.knowledge.test_markdown import XSS

TAGS = set(
    "p br hr h2 h3 h4 h5 h6 blockquote ul ol li em strong s code pre a span div table thead"
    " tbody tr th td img figure figcaption input label".split()
)
MORE = [
    '```kotlin tab="<img src=x onerror=alert(1)>"\nx\n```',
    '```kotlin tab="a&quot; onclick=alert(1) x=&quot;"\nx\n```',
    "> [!NOTE]\n> <script>alert(1)</script>",
    "## <script>alert(1)</script>",
    '## x" onclick="alert(1)',
    "{{file: <img src=x onerror=alert(1)>}}",
    '!["onerror=alert(1) x="](images/a.png "\' onload=alert(1)")',
    "[x](article:javascript:alert(1))",
    '[x](article:a"onmouseover=alert(1))',
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](data:image/png;base64,aGk=)",
    "[x](data:text/html,hi)",
    "<input type=image src=x>",
    "| <svg onload=alert(1)> |\n|---|\n",
]


@pytest.mark.parametrize("body", [*XSS, *MORE])
def test_nothing_in_an_article_runs(body: str) -> None:
    pictures = {"images/a.png": Picture("images/a.png")}
    made = html(body, pictures=pictures, articles=frozenset({"x"}))
    for tag, attributes in re.findall(r"<([a-z0-9]+)((?:\s+[^\s=>]+(?:=\"[^\"]*\")?)*)\s*>", made):
        assert tag in TAGS, made
        names = re.findall(r"\s([a-zA-Z-]+)=", re.sub(r'"[^"]*"', '""', attributes))
        assert not [name for name in names if name.startswith("on") or name == "style"], made
    assert not re.search(r"<(?:script|svg|iframe|object|style|form|meta|base|math)", made)
    assert not re.search(r'(?:href|src)="\s*(?:javascript|data|vbscript):', made, re.IGNORECASE)
    for kind in re.findall(r'<input[^>]*type="([^"]*)"', made):
        assert kind == "radio"
    assert not re.search(r'href="(?://|/\\)', made)


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b"])
@pytest.mark.django_db
def test_text_that_hides_is_marked_wherever_it_stands(client: Any, character: str) -> None:
    word = f"is{character}Admin"
    article = factories.article(
        "hidden",
        title=word,
        body=f'{word}\n\n## {word}\n\n`{word}`\n\n```kotlin tab="{word}"\n{word}\n```\n\n'
        f"> [!NOTE]\n> {word}\n\n| {word} |\n|---|\n",
    )
    page = client.get(f"/docs/en/a/{article.key}/").content.decode()
    marker = f"U+{ord(character):04X}</span>"
    inside = re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    shown = re.sub(r'(?:data-tab|title|content|value|alt)="[^"]*"', "", inside)
    assert character not in shown
    assert shown.count(marker) >= 8
    for address in ("/docs/en/", "/docs/en/articles/"):
        assert marker in client.get(address).content.decode(), address


@pytest.mark.parametrize(
    "piece",
    [
        *("[", "![", "[a](", "*a ", "_a", "> ", "- ", "<", "&", "\\", "`", "~~a", "#", "{{file: "),
        *("## a\n\n", "|1|2|\n", "http://a", "[a]: /x\n", "> [!NOTE]\n", "a\n", "\u200b"),
        '```kotlin tab="x"\nx\n```\n',
    ],
)
def test_four_times_the_text_is_about_four_times_the_work(piece: str) -> None:
    """Whatever is repeated: a page as long as may be saved is rendered in bounded time.

    Counted in calls, which are the same on every machine.
    """
    short, long = (_calls(piece * (size // len(piece))) for size in (5_000, 20_000))
    assert long < 8 * max(short, 1_000), (short, long)


def test_deep_nesting_ends() -> None:
    assert html("> " * 50_000).count("<blockquote>") <= 20
    assert html("- " * 50_000).count("<ul>") <= 20
    assert html("\n".join("  " * depth + "- a" for depth in range(500))).count("<ul>") <= 20


@pytest.mark.django_db
def test_five_megabytes_are_refused_in_a_sentence(cast: SimpleNamespace) -> None:
    from django.core.exceptions import ValidationError

    for length in (200_001, 5_000_000):
        with pytest.raises(ValidationError, match="At most 200,000 characters: split it"):
            factories.article(f"huge-{length}", body="x" * length)
    factories.article("long", body="x" * 200_000)


@pytest.mark.django_db
def test_what_is_too_long_is_told_in_the_editor(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.article("long", is_published=False)
    typed = {"title": "Long", "body": "x" * 1_000_000, "written_on": "1"}
    page = browser_of(cast.engineer).post("/admin/article/long/en/", typed)
    assert page.status_code == 422
    assert "At most 200,000 characters" in page.content.decode()


def _calls(body: str) -> int:
    """How many functions are called to render it, Python's own among them."""
    count = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        html(body)
    finally:
        sys.setprofile(None)
    return count
