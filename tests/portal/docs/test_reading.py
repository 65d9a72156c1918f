"""First page, lists, releases and error codes."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge.models import Article, Change, Release, Translation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: factories.NOON)


def page(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_the_first_page_has_what_there_is_to_read_and_no_more(client: Any) -> None:
    inside = factories.category("staff")
    open_one = factories.category("tokens")
    factories.article("a", title="Renew it", product=factories.product(), categories=[open_one])
    factories.article("b", title="SECRET", audience="internal", categories=[inside])
    newest = factories.release("5.3.1")
    shown = page(client, "/docs/en/")
    assert "Renew it" in shown
    assert "1 article" in shown
    assert f'<a href="/docs/en/releases/im/?at={newest.pk}#5.3.1">' in shown
    assert "/categories/tokens/" in shown
    assert "/categories/staff/" not in shown
    assert "SECRET" not in shown
    assert client.get("/docs/en/categories/staff/").status_code == 404


def test_an_empty_knowledge_base_says_so(client: Any) -> None:
    assert "Nothing is published yet" in page(client, "/docs/en/")


def test_members_keep_their_navigation_and_strangers_are_asked_in(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    member = page(browser_of(cast.owner), "/docs/en/")
    assert 'href="/tickets/"' in member
    assert 'href="/down/"' in member
    stranger = page(client, "/docs/en/")
    assert 'href="/accounts/signup/"' in stranger
    assert 'href="/tickets/"' not in stranger
    assert 'href="/docs/"' in page(browser_of(cast.owner), "/")


def test_lists_are_narrowed_by_kind_platform_and_version(client: Any) -> None:
    im = factories.product()
    factories.article("faq", title="One", product=im, platforms=["ios"])
    factories.article("guide", title="Two", kind="guide", product=im, versions_from="5.0.0")
    factories.article("every", title="Three", kind="guide")
    shown = page(client, "/docs/en/products/im/")
    assert all(title in shown for title in ("One", "Two", "Three"))
    assert '<a href="?kind=guide" >Guides <span class="docs-number">2</span></a>' in shown
    only = page(client, "/docs/en/products/im/?platform=android&version=4.2")
    assert ">Three</a>" in only
    assert ">One</a>" not in only
    assert ">Two</a>" not in only
    assert ">Two</a>" in page(client, "/docs/en/articles/?kind=guide&version=5.0.1")
    assert "Write the version like" in page(client, "/docs/en/articles/?version=latest")
    assert "Nothing matches" in page(client, "/docs/en/kinds/faq/?platform=unity")


def test_a_category_holds_what_its_parts_hold(client: Any) -> None:
    top = factories.category("top")
    part = factories.category("part", parent=top)
    factories.article("inner", title="Inner", categories=[part])
    shown = page(client, "/docs/en/categories/top/")
    assert "Inner" in shown
    assert 'href="/docs/en/categories/part/"' in shown


def test_long_lists_go_on(client: Any) -> None:
    for number in range(53):
        factories.article(f"a{number}", title=f"Title {number // 2:02}")
    first = page(client, "/docs/en/articles/")
    following = first.split('rel="next" href="')[1].split('"')[0]
    second = page(client, f"/docs/en/articles/{following}")
    found = [f'/docs/en/a/a{number}/"' for number in range(53)]
    assert [(one in first) + (one in second) for one in found] == [1] * 53
    assert 'rel="next"' not in second


def test_lists_are_in_the_language_of_the_page(client: Any) -> None:
    factories.text(factories.article("both", title="English"), title="中文标题")
    factories.article("english", title="Only English")
    shown = page(client, "/docs/zh/articles/")
    assert "中文标题" in shown
    assert "Only English" not in shown


def test_releases_tell_what_changed_and_how_long_each_is_supported(client: Any) -> None:
    today = factories.NOON.date()
    article = factories.article("guide", title="Guide")
    hidden = factories.article("runbook", audience="internal")
    later = factories.release("5.3.0", ("fix", "Fixed."))
    for version, end in (
        ("5.2.0", today + dt.timedelta(days=400)),
        ("5.1.0", today + dt.timedelta(days=10)),
        ("5.0.0", today - dt.timedelta(days=1)),
    ):
        factories.release(
            version, ("fix", "Mended."), ("breaking", "Gone."), end_of_support=end,
            released_on=dt.date(2020, 1, 1),
        )  # fmt: skip
    Change.objects.filter(text_en="Gone.").update(article=article)
    Change.objects.filter(text_en="Mended.").update(article=hidden, fixed_in=later)
    factories.release("9.9.9", ("fix", "SECRET"), released_on=today + dt.timedelta(days=2))
    shown = page(client, "/docs/en/releases/im/")
    order = [shown.index(f'id="{version}"') for version in ("5.3.0", "5.2.0", "5.1.0", "5.0.0")]
    assert order == sorted(order)
    assert shown.index("Gone.") < shown.index("Mended.")  # what must be acted on comes first
    for words in ("Supported until", "Support ends", "Support ended", "fixed in 5.3.0"):
        assert words in shown, words
    assert 'href="/docs/en/a/guide/"' in shown
    assert "runbook" not in shown
    assert "SECRET" not in shown
    overview = page(client, "/docs/en/releases/")
    assert f'href="/docs/en/releases/im/?at={later.pk}#5.3.0"' in overview


def test_the_newest_of_a_platform_is_not_one_that_a_release_for_all_replaced(client: Any) -> None:
    factories.release("5.3.1", ("fix", "For all."))
    factories.release("5.2.9", ("fix", "For Android."), platform="android")
    factories.release("5.4.0", ("fix", "For iOS."), platform="ios")
    overview = page(client, "/docs/en/releases/")
    assert "5.3.1" in overview
    assert "5.4.0" in overview
    assert "5.2.9" not in overview


def test_releases_of_a_platform_are_its_own_and_those_of_all(client: Any) -> None:
    factories.release("5.0.0", ("fix", "For all."))
    factories.release("5.0.1", ("fix", "For iOS."), platform="ios")
    factories.release("5.0.1", ("fix", "For Android."), platform="android")
    shown = page(client, "/docs/en/releases/im/?platform=ios")
    assert "For all." in shown
    assert "For iOS." in shown
    assert "For Android." not in shown
    assert 'id="ios-5.0.1"' in shown


def test_a_link_to_an_old_release_shows_it(client: Any) -> None:
    made = [factories.release(f"5.{number}.0", ("fix", "x")) for number in range(20)]
    assert 'id="5.2.0"' not in page(client, "/docs/en/releases/im/")
    assert 'id="5.2.0"' in page(client, f"/docs/en/releases/im/?at={made[2].pk}")


def test_the_feed_has_each_release_with_its_changes(client: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://docs.example"
    release = factories.release("5.3.0", ("fix", "A <b> & fixed."), platform="ios")
    response = client.get("/docs/zh/releases/im.atom")
    feed = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert '<feed xml:lang="zh-Hans" xmlns="http://www.w3.org/2005/Atom">' in feed
    address = f"https://docs.example/docs/zh/releases/im/?at={release.pk}#ios-5.3.0"
    assert f'<link href="{address}" rel="alternate"' in feed
    assert "A &amp;lt;b&amp;gt; &amp;amp; fixed." in feed


def test_an_entry_of_the_feed_stays_the_same_one_when_its_version_is_corrected(client: Any) -> None:
    def named() -> list[str]:
        return re.findall("<id>(tag:.*?)</id>", client.get("/docs/en/releases/im.atom").text)

    release = factories.release("5.3.0")
    (before,) = named()
    Release.objects.filter(pk=release.pk).update(version="5.3.1", sort_key=[5, 3, 1, 1])
    assert named() == [before]


def test_links_to_an_old_release_lead_to_where_it_stands(client: Any) -> None:
    """A page shows fifteen releases; the feed names thirty, an article any."""
    old = factories.release("1.0.0", ("fix", "Mended."), released_on=dt.date(2020, 1, 1))
    for minor in range(20):
        factories.release(f"5.{minor}.0")
    Change.objects.filter(release=old).update(article=factories.article("about"))
    feed = client.get("/docs/en/releases/im.atom").text
    listed = re.findall(r'href="[^"]*(/docs/en/releases/im/[^"#]*#[^"]+)"', feed)
    (named,) = re.findall('"(/docs/en/releases/im/[^"]*#[^"]*)"', page(client, "/docs/en/a/about/"))
    assert len(listed) == 21
    for address in (named, *listed):
        path, anchor = address.split("#")
        assert f'id="{anchor}"' in page(client, path), address


def test_error_codes_have_a_list_a_product_and_a_page_each(client: Any) -> None:
    article = factories.article("about")
    factories.error_code(1101, "ERR_TOKEN", article=article, remedy_en="Renew it.")
    factories.error_code(None, "ERR_NAME_ONLY")
    factories.error_code(1101, "ERR_WINDOWS", platform="windows", meaning_en="Another thing.")
    listed = page(client, "/docs/en/errors/im/")
    assert listed.index("ERR_TOKEN") < listed.index("ERR_NAME_ONLY")
    assert 'id="ERR_WINDOWS-windows"' in listed
    assert "ERR_WINDOWS" not in page(client, "/docs/en/errors/im/?platform=ios")
    both = page(client, "/docs/en/errors/im/1101/")
    assert "Another thing." in both
    one = page(client, "/docs/en/errors/im/ERR_TOKEN/")
    assert "Renew it." in one
    assert "Another thing." not in one
    assert 'href="/docs/en/a/about/"' in one
    assert "ERR_NAME_ONLY" in page(client, "/docs/en/errors/im/ERR_NAME_ONLY/")


@pytest.mark.parametrize("code", ["0", "-1", "99999999999999", "ERR_NONE", "%00", "%3Cb%3E", "a/b"])
def test_codes_that_do_not_exist_are_not_found(client: Any, code: str) -> None:
    factories.product()
    assert client.get(f"/docs/en/errors/im/{code}/").status_code == 404


def test_the_sitemap_has_what_is_for_everyone_whoever_asks(
    cast: SimpleNamespace, browser_of: Any, client: Any, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://docs.example"
    factories.text(factories.article("both"))
    factories.article("one")
    factories.article("hidden", audience="customers")
    shown = page(browser_of(cast.owner), "/docs/sitemap.xml")
    assert "<loc>https://docs.example/docs/zh/a/both/</loc>" in shown
    assert 'hreflang="zh-Hans" href="https://docs.example/docs/zh/a/both/"' in shown
    assert shown.count("/a/one/") == 1
    assert "hidden" not in shown
    robots = page(client, "/robots.txt")
    assert "Sitemap: https://docs.example/docs/sitemap.xml" in robots
    assert "Disallow: /\n" in robots


def test_the_sitemap_has_every_page_a_search_engine_may_show(client: Any) -> None:
    filled, staff = factories.category("tokens"), factories.category("staff")
    factories.article("a", categories=[filled])
    factories.article("b", categories=[staff], audience="internal")
    factories.error_code(1101, "ERR_TOKEN")
    factories.error_code(1102, "ERR_MAC")
    factories.error_code(1102, "ERR_WINDOWS", platform="windows")
    factories.error_code(1103)
    listed = re.findall("<loc>[^<]*(/docs/en/[^<]*)</loc>", page(client, "/docs/sitemap.xml"))
    assert {path.removeprefix("/docs/en/") for path in listed} == {
        *("", "articles/", "releases/", "errors/", "upgrade/"),
        *("a/a/", "products/im/", "releases/im/", "categories/tokens/", "kinds/faq/"),
        *("errors/im/", "errors/im/ERR_TOKEN/", "errors/im/1103/"),
        *("errors/im/ERR_MAC/", "errors/im/ERR_WINDOWS/", "errors/im/1102/"),
    }
    assert len(listed) == len(set(listed))
    for path in listed:
        shown = page(client, path)
        assert f'{path}"' in re.findall('rel="canonical" href=".*"', shown)[0]
        assert "noindex" not in shown


def test_a_code_is_known_by_its_name_whichever_way_it_is_asked_for(
    client: Any, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://docs.example"
    factories.error_code(1101, "ERR_TOKEN")
    for asked in ("ERR_TOKEN", "1101", "01101"):
        shown = page(client, f"/docs/en/errors/im/{asked}/")
        known_by = "https://docs.example/docs/{}/errors/im/ERR_TOKEN/"
        assert f'<link rel="canonical" href="{known_by.format("en")}">' in shown
        assert f'hreflang="zh-Hans" href="{known_by.format("zh")}"' in shown


def test_texts_no_longer_published_are_gone_everywhere(client: Any) -> None:
    article = factories.article("gone", title="Gone for good")
    Translation.objects.update(published_revision=None)
    Article.objects.update(is_published=False)
    for path in ("/docs/en/", "/docs/en/articles/", "/docs/sitemap.xml"):
        assert "gone" not in page(client, path).lower(), path
    assert client.get(f"/docs/en/a/{article.key}/").status_code == 404


def test_products_with_error_codes_stand_in_their_usual_order(client: Any) -> None:
    for key in ("im", "rtc", "push", "console"):
        factories.error_code(1101, of=key)
    shown = page(client, "/docs/en/errors/")
    places = [shown.index(f'href="/docs/en/errors/{key}/"') for key in ("im", "rtc", "push")]
    assert places == sorted(places)
