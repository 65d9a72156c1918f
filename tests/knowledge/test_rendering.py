"""Articles as HTML with what is in the database: other articles, files, and rendering again."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

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


def test_a_public_article_does_not_tell_of_one_for_staff() -> None:
    factories.article("runbook", audience="internal")
    body = "[x](article:runbook)"
    public = render_article(body, article=factories.article("about"), language="en")
    assert "runbook" not in public.html
    internal = factories.article("inside", audience="internal")
    assert "/a/runbook/" in render_article(body, article=internal, language="en").html


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
