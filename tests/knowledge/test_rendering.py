"""Articles as HTML with what is in the database: other articles, files, and rendering again."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Organization
from knowledge.article_text.surroundings import Problem
from knowledge.models import Article, ArticleFile, Translation
from knowledge.rendering import RENDERER, render_article
from tests import factories

pytestmark = pytest.mark.django_db
GIF = b"GIF89a\x40\x01\xf0\x00"


def keep(article: Article, path: str, content: bytes, kind: str) -> ArticleFile:
    return ArticleFile.objects.create(
        article=article,
        path=path,
        kind=kind,
        content_type="image/gif" if kind == "image" else "text/plain",
        content=content,
        size=len(content),
        digest="0" * 64,
    )


def test_links_and_files_that_exist_are_found() -> None:
    factories.article("other")
    about = factories.article("about")
    keep(about, "images/flow.gif", GIF, "image")
    keep(about, "src/Main.kt", b"val a = 1", "sample")
    body = "[x](article:other) ![flow](images/flow.gif)\n\n{{file: src/Main.kt}}\n"
    made = render_article(body, article=about, language="zh")
    assert '<a href="/docs/zh/a/other/">x</a>' in made.html
    assert '<img src="/docs/files/about/images/flow.gif" alt="flow" width="320"' in made.html
    assert "<figcaption>src/Main.kt</figcaption>" in made.html
    assert made.problems == ()


def test_files_of_another_article_are_none_of_this_one() -> None:
    keep(factories.article("other"), "images/flow.gif", GIF, "image")
    made = render_article(
        "![flow](images/flow.gif)", article=factories.article("about"), language="en"
    )
    assert "<img" not in made.html


@pytest.mark.parametrize(
    ("audience", "closed"),
    [
        ("public", {"customers", "plan", "plans", "named", "internal", "draft"}),
        ("customers", {"plan", "plans", "named", "internal", "draft"}),
        ("plan", {"named", "internal", "draft"}),
        ("organizations", {"plan", "plans", "internal", "draft"}),
        ("internal", {"draft"}),
    ],
)
def test_links_not_every_reader_can_follow_are_reported(
    cast: SimpleNamespace, audience: str, closed: set[str]
) -> None:
    named = list(Organization.objects.all()[:1])
    targets: dict[str, dict[str, Any]] = {
        "open": {},
        "customers": {"audience": "customers"},
        "plan": {"audience": "plan", "plans": ["premium"]},
        "plans": {"audience": "plan", "plans": ["premium", "standard"]},
        "named": {"audience": "organizations", "organizations": named},
        "internal": {"audience": "internal"},
        "draft": {"is_published": False},
    }
    for key, fields in targets.items():
        factories.article(key, **fields)
    readers = {"plan": {"plans": ["premium"]}, "organizations": {"organizations": named}}
    about = factories.article("about", audience=audience, **readers.get(audience, {}))
    body = " ".join(f"[x](article:{key})" for key in targets)
    made = render_article(body, article=about, language="en")
    assert {problem.target for problem in made.problems} == {f"article:{key}" for key in closed}
    assert {problem.kind for problem in made.problems} <= {"closed"}


def test_a_plan_or_customer_more_may_read_this_than_what_it_links_to(
    cast: SimpleNamespace,
) -> None:
    one, *_rest = both = list(Organization.objects.all()[:2])
    factories.article("plan", audience="plan", plans=["premium"])
    factories.article("named", audience="organizations", organizations=[one])
    plans = factories.article("plans", audience="plan", plans=["premium", "standard"])
    wider = factories.article("wider", audience="organizations", organizations=both)
    for about, target in ((plans, "plan"), (wider, "named")):
        made = render_article(f"[x](article:{target})", article=about, language="en")
        assert made.problems == (Problem("closed", f"article:{target}"),)


def test_texts_of_an_older_renderer_are_rendered_again() -> None:
    factories.article("old", body="## New")
    factories.article("new", body="## New")
    Translation.objects.filter(article__key="old").update(html="old", rendered_by=RENDERER - 1)
    Translation.objects.filter(article__key="new").update(html="kept")
    said = StringIO()
    call_command("rerender_articles", stdout=said)
    texts: dict[str, Any] = dict(Translation.objects.values_list("article__key", "html"))
    assert '<h2 id="new">' in texts["old"]
    assert texts["new"] == "kept"
    assert "1 of 1 texts" in said.getvalue()
    call_command("rerender_articles", stdout=said)
    assert "up to date" in said.getvalue()
    call_command("rerender_articles", "--all", stdout=said)
    assert Translation.objects.get(article__key="new").html != "kept"
