"""The page of an article."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge import publishing, writing
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile, Category, Change, ErrorCode, Translation
from portal.docs import reading_article
from tests import factories

pytestmark = pytest.mark.django_db
EN, ZH = Language.EN, Language.ZH


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: factories.NOON)


def page(client: Any, path: str = "/docs/en/a/about/") -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_everybody_reads_a_public_article(client: Any) -> None:
    factories.article("about", title="Renew the token", body="## Why\n\nBecause.\n\n## How\n\nSo.")
    shown = page(client)
    assert "<h1>Renew the token</h1>" in shown
    assert '<h2 id="why">' in shown
    assert shown.count('<a href="#how">How</a>') == 2  # beside the text, and folded on phones


@pytest.mark.parametrize(
    ("fields", "readers"),
    [
        ({"audience": "customers"}, {"owner", "stranger"}),
        ({"audience": "plan", "plans": ["premium"]}, {"owner"}),
        ({"audience": "internal"}, set()),
        ({"is_published": False}, set()),
    ],
)
def test_what_may_not_be_read_is_as_if_it_did_not_exist(
    cast: SimpleNamespace, browser_of: Any, client: Any, fields: Any, readers: set[str]
) -> None:
    factories.article("about", **fields)
    for name in ("owner", "stranger", "engineer", "former"):
        reader = browser_of(getattr(cast, name))
        response = reader.get("/docs/en/a/about/")
        assert response.status_code == (200 if name in readers else 404), name
    hidden, none = (client.get(f"/docs/en/a/{key}/") for key in ("about", "aboot"))
    assert (hidden.status_code, none.status_code) == (404, 404)
    assert hidden.content.replace(b"about", b"aboot") == none.content


@pytest.mark.parametrize(
    ("fields", "followers"),
    [
        ({}, {"", "owner", "stranger"}),
        ({"audience": "customers"}, {"owner", "stranger"}),
        ({"audience": "plan", "plans": ["premium"]}, {"owner"}),
        ({"audience": "internal"}, set()),
        ({"is_published": False}, set()),
    ],
)
def test_links_are_there_for_those_who_can_follow_them(
    cast: SimpleNamespace, browser_of: Any, client: Any, fields: Any, followers: set[str]
) -> None:
    factories.article("target", **fields)
    factories.article("about", body='See [**it** > "so"](article:target#how "A > B"), then go on.')
    browsers = {name: browser_of(getattr(cast, name)) for name in ("owner", "stranger")}
    for name, reader in ({"": client} | browsers).items():
        shown = page(reader)
        assert ("target" in shown) == (name in followers), name
        assert "<strong>it</strong> &gt; " in shown
        assert ", then go on." in shown


def test_a_link_comes_and_goes_with_what_it_leads_to(client: Any) -> None:
    target = factories.article("target", is_published=False)
    factories.article("about", body="[x](article:target)")
    link = '<a href="/docs/en/a/target/">x</a>'
    assert link not in page(client)
    text = target.translations.get()
    publishing.publish(translation=text, by=factories.SYSTEM, now=factories.NOON)
    assert link in page(client)
    readers = {"article": target, "by": factories.SYSTEM, "now": factories.NOON}
    writing.change_article(audience="internal", **readers)
    assert link not in page(client)
    writing.change_article(audience="public", **readers)
    assert link in page(client)
    publishing.archive(translation=text, by=factories.SYSTEM, now=factories.NOON)
    assert link not in page(client)


def test_all_links_of_a_page_are_looked_up_at_once(client: Any) -> None:
    keys = [f"a{number}" for number in range(5)]
    for key in keys:
        factories.article(key)
    factories.article("about", body="[x](article:a0)")
    with CaptureQueriesContext(connection) as one:
        page(client)
    factories.text(
        Article.objects.get(key="about"),
        language=EN,
        body=" ".join(f"[x](article:{key})" for key in keys),
    )
    with CaptureQueriesContext(connection) as five:
        assert page(client).count('/">x</a>') == 5
    assert len(five) == len(one)


def test_the_way_to_it_names_a_product_and_its_category_of_the_same_name_once(client: Any) -> None:
    product = factories.product()
    named = Category.objects.create(key="im", name_en=product.name_en, name_zh=product.name_zh)
    inside = factories.category("tokens", parent=named)
    factories.article("about", product=product, categories=[inside])
    way = page(client).split('class="docs-way"')[1].split("</nav>")[0]
    assert way.count(f">{product.name_en}<") == 1
    assert f">{inside.name_en}<" in way


def test_a_list_is_in_the_order_of_the_alphabet_whatever_the_case(client: Any) -> None:
    for key, title in (("web", "Web sample"), ("ios", "iOS sample"), ("android", "Android sample")):
        factories.article(key, title=title)
    shown = client.get("/docs/en/articles/").content.decode()
    order = [shown.index(f"{name} sample") for name in ("Android", "iOS", "Web")]
    assert order == sorted(order)


def test_the_page_is_in_the_language_of_its_address(cast: SimpleNamespace, browser_of: Any) -> None:
    article = factories.article("about")
    factories.text(article)
    chinese = browser_of(cast.owner).get("/docs/zh/a/about/", headers={"Accept-Language": "en"})
    assert chinese["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in chinese.content.decode()
    assert "令牌已过期" in chinese.content.decode()
    english = browser_of(cast.owner).get("/docs/en/a/about/", headers={"Accept-Language": "zh"})
    assert english["Content-Language"] == "en"


def test_both_languages_are_told_to_search_engines(client: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://docs.example"
    factories.text(factories.article("about"))
    shown = page(client)
    assert '<link rel="canonical" href="https://docs.example/docs/en/a/about/">' in shown
    for language, path in (("en", "en"), ("zh-Hans", "zh")):
        link = f'hreflang="{language}" href="https://docs.example/docs/{path}/a/about/"'
        assert f'<link rel="alternate" {link}>' in shown
    assert '<meta property="og:title" content="The token has expired">' in shown


def test_an_article_in_one_language_has_no_alternate(client: Any) -> None:
    factories.article("about")
    assert 'rel="alternate" hreflang' not in page(client)


def test_an_article_in_the_other_language_only_is_offered(client: Any) -> None:
    article = factories.article("about", title="只有中文", language=ZH)
    assert article.key == "about"
    shown = page(client)
    assert "only in Chinese so far" in shown
    assert 'href="/docs/zh/a/about/"' in shown
    assert 'content="noindex, follow"' in shown


def test_the_newer_language_is_named(client: Any) -> None:
    article = factories.article("about")
    text = factories.text(article)
    Translation.objects.filter(pk=text.pk).update(aligned_with=1)
    assert "is newer than this one" not in page(client, "/docs/zh/a/about/")
    factories.text(article, language=EN, title="The token has expired", body="Newer.")
    shown = page(client, "/docs/zh/a/about/")
    assert '<a href="/docs/en/a/about/" hreflang="en">' in shown


def test_facts_stand_beside_the_title(client: Any) -> None:
    factories.article(
        "about",
        kind="sample",
        platforms=["android", "ios"],
        versions_from="5.0.0",
        versions_before="6.0.0",
        tested_with="5.3.1",
        checked_on=dt.date(2026, 11, 2),
    )
    shown = page(client)
    for words in ("Sample code", "5.0.0 to before 6.0.0", "Android, iOS", "Tested with 5.3.1"):
        assert words in shown, words
    assert '<time datetime="2026-11-02">2 Nov 2026</time>' in shown


def test_neighbours_are_those_of_the_category_in_its_order(client: Any) -> None:
    top = Category.objects.create(key="top", name_en="Top", name_zh="顶")
    inner = Category.objects.create(key="inner", name_en="Inner", name_zh="内", parent=top)
    for key, kind in (("c", "guide"), ("a", "guide"), ("b", "faq")):
        factories.article(key, title=f"Title {key}", kind=kind, categories=[inner])
    factories.article("hidden", title="Title a0", categories=[inner], audience="internal")
    shown = page(client, "/docs/en/a/a/")
    assert '<a rel="prev" href="/docs/en/a/b/">' in shown
    assert 'rel="next" href="/docs/en/a/c/">' in shown
    assert "Title a0" not in shown
    assert '<a href="/docs/en/categories/top/">Top</a>' in shown


@pytest.mark.parametrize("place", [0, 3, 14, 28, 29])
def test_of_a_long_category_the_neighbours_alone_are_read(
    client: Any, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    category = factories.category("long")
    keys = [f"a{number:02}" for number in range(30)]
    for key in keys:
        kind = "faq" if key < "a10" else "guide"
        factories.article(
            key, title="Same" if key > "a20" else key, kind=kind, categories=[category]
        )
    read = []

    def sibling(key: str, title: str) -> reading_article.Sibling:
        read.append(key)
        return made(key, title)

    made = reading_article.Sibling
    monkeypatch.setattr(reading_article, "Sibling", sibling)
    context = client.get(f"/docs/en/a/{keys[place]}/").context
    near = keys[max(0, place - 12) : place + 13]
    assert read == [one.key for one in context["siblings"]] == near
    before, after = context["before"], context["after"]
    assert (before and before.key) == (keys[place - 1] if place else None)
    assert (after and after.key) == (keys[place + 1] if place < 29 else None)


def test_error_codes_and_changes_that_refer_to_it_are_named(client: Any) -> None:
    article = factories.article("about")
    ErrorCode.objects.create(
        product=factories.product(), number=1101, name="ERR_X", meaning_en="x", article=article
    )
    release = factories.release("5.1.0", ("breaking", "Tokens end sooner."))
    Change.objects.update(article=article)
    tomorrow = factories.release(
        "9.0.0", ("fix", "SECRET of tomorrow"), released_on=dt.date(2030, 1, 1)
    )
    Change.objects.filter(release=tomorrow).update(article=article)
    shown = page(client)
    assert 'href="/docs/en/errors/im/ERR_X/"' in shown
    assert f'href="/docs/en/releases/im/?at={release.pk}#{release.version}"' in shown
    assert "Tokens end sooner." in shown
    assert "SECRET" not in shown


def test_a_ticket_opened_from_here_brings_the_article_along(client: Any) -> None:
    factories.article("about")
    assert 'href="/tickets/new/?article=about"' in page(client)


def test_sample_code_is_shown_where_it_is_named_and_once(client: Any) -> None:
    article = factories.article("about", kind="sample", body="{{file: src/Main.kt}}")
    for path, code in (("src/Main.kt", "val a = 1"), ("build.gradle", "plugins { }")):
        ArticleFile.objects.create(
            article=article,
            path=path,
            kind="sample",
            content_type="text/plain",
            content=code.encode(),
            size=len(code),
            digest="0" * 64,
        )
    shown = page(client)
    assert 'href="/docs/files/about.zip" download' in shown
    assert shown.count('class="tabs-panel"') == 1
    assert "plugins" in shown


def test_old_addresses_and_wrong_ones_are_not_found(client: Any) -> None:
    for path in ("/docs/fr/", "/docs/en/a/", "/docs/en/a/none/", "/docs/en/kinds/none/"):
        assert client.get(path).status_code == 404, path
    assert client.get("/docs/")["Location"] == "/docs/en/"
    assert client.get("/docs/", headers={"Accept-Language": "zh-CN"})["Location"] == "/docs/zh/"
