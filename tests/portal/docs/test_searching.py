"""The search page: hits of every kind, what is noted of it, and nothing that is not theirs."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from knowledge.models import ErrorCode, SearchClick, SearchRecord, Translation
from knowledge.search import index
from portal.docs import searching
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/docs/en/search/"


@pytest.fixture(autouse=True)
def articles(cast: SimpleNamespace) -> None:
    factories.article("token-expired", title="The token has expired", product=cast.product)
    factories.article("rate-limits", title="Limits of the server interface")
    factories.article(
        "only-inside", title="Token canary of the staff", audience="internal", body="Secret."
    )
    only = factories.article("echo", title="回声消除", body="打开回声消除。", language="zh")
    assert only.pk
    ErrorCode.objects.create(
        product=cast.product, number=1102, name="ERR_TOKEN", meaning_en="The token is malformed."
    )
    index.reindex(list(Translation.objects.values_list("pk", flat=True)))


def links(page: Any) -> list[str]:
    return re.findall(r'href="(/docs/en/search/open/[^"]+)"', page.content.decode())


def test_it_finds_and_marks_what_was_asked_for(client: Any) -> None:
    page = client.get(PAGE, {"q": "token expired"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "<mark>token</mark>" in text
    assert "canary" not in text


def test_an_error_code_is_found_by_its_number(client: Any) -> None:
    assert "The token is malformed." in client.get(PAGE, {"q": "1102"}).content.decode()


def test_a_search_is_noted_once_whatever_is_filtered_then(client: Any) -> None:
    page = client.get(PAGE, {"q": " token  expired"})
    row = SearchRecord.objects.get()
    assert (row.text, row.language, row.organization, row.hits > 0) == (
        "token expired", "en", None, True,
    )  # fmt: skip
    token = re.search(r'name="s" value="([^"]+)"', page.content.decode())
    assert token
    client.get(PAGE, {"q": "token expired", "kind": "faq", "s": token[1]})
    assert SearchRecord.objects.count() == 1
    client.get(PAGE, {"q": "another", "s": token[1]})
    assert SearchRecord.objects.count() == 2


@pytest.mark.parametrize("text", ["!!!", "%_\\", "🙂", "如何"])
def test_what_has_no_words_is_no_gap(client: Any, text: str) -> None:
    assert client.get(PAGE, {"q": text}).status_code == 200
    assert not SearchRecord.objects.exists()


def test_a_click_is_counted_once_and_leads_to_the_page(client: Any) -> None:
    link = links(client.get(PAGE, {"q": "token expired"}))[0]
    for _time in range(2):
        response = client.get(link)
        assert (response.status_code, response["Location"]) == (302, "/docs/en/a/token-expired/")
    click = SearchClick.objects.get()
    assert click.target == "article:token-expired"
    assert click.search == SearchRecord.objects.get()


def test_of_one_strange_machine_only_so_many_searches_are_kept_but_all_are_answered(
    client: Any, cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setitem(searching.MayBeNoted.THROTTLE_RATES, "docs_searches", "2/hour")
    for text in ("token one", "token two", "token three"):
        page = client.get("/docs/en/search/", {"q": text})
        assert page.status_code == 200
        assert "docs-hit" in page.content.decode() or "hit" in page.content.decode()
    assert set(SearchRecord.objects.values_list("text", flat=True)) == {"token one", "token two"}
    client.get("/docs/en/search/", {"q": "token four"}, REMOTE_ADDR="198.51.100.9")
    browser_of(cast.viewer).get("/docs/en/search/", {"q": "token five"})
    assert SearchRecord.objects.count() == 4


def test_what_comes_after_the_first_ten_can_be_seen(client: Any) -> None:
    for number in range(12):
        factories.article(f"quokka-{number}", title=f"Quokka {number}", body=f"{number} " * 9)
    index.reindex(list(Translation.objects.values_list("pk", flat=True)))
    first = client.get(PAGE, {"q": "quokka"})
    assert len(links(first)) == 10
    (more,) = re.findall(r'href="(\?[^"]*more=1)"', first.content.decode())
    rest = client.get(PAGE + more.replace("&amp;", "&"))
    assert len(links(rest)) == 12
    assert "more=1" not in rest.content.decode()
    assert SearchRecord.objects.count() == 1


def test_a_forged_name_of_a_search_leads_on_and_counts_nothing(client: Any) -> None:
    target = links(client.get(PAGE, {"q": "token expired"}))[0].rsplit("/", 2)[1]
    assert client.get(f"/docs/en/search/open/forged/{target}/").status_code == 302
    assert not SearchClick.objects.exists()


@pytest.mark.parametrize(
    "target", ["article:en:only-inside", "article:en:nope", "error:x", "error:99999999999", "x"]
)
def test_what_may_not_be_read_is_not_led_to(client: Any, target: str) -> None:
    assert client.get(f"/docs/en/search/open/forged/{target}/").status_code == 404


def test_staff_are_not_noted(cast: SimpleNamespace, browser_of: Any) -> None:
    browser_of(cast.engineer).get(PAGE, {"q": "token"})
    assert not SearchRecord.objects.exists()


def test_a_member_is_noted_by_organization_and_finds_their_tickets(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer, subject="Token trouble of ours")
    factories.ticket(cast.stranger, subject="Token trouble of theirs")
    text = browser_of(cast.viewer).get(PAGE, {"q": "token trouble"}).content.decode()
    assert "<mark>Token</mark> <mark>trouble</mark> of ours" in text
    assert "of theirs" not in text
    assert SearchRecord.objects.get().organization == cast.star


def test_what_there_is_in_chinese_only_is_offered(client: Any) -> None:
    text = client.get(PAGE, {"q": "回声消除"}).content.decode()
    assert "Only in the other language" in text or "in the other language answer" in text


def test_without_a_hit_it_says_what_to_do_next(cast: SimpleNamespace, browser_of: Any) -> None:
    text = browser_of(cast.developer).get(PAGE, {"q": "xylophone"}).content.decode()
    assert "Nothing found" in text
    assert "/tickets/new/?subject=xylophone" in text
    assert SearchRecord.objects.get().hits == 0


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "''\"\"",
        "%_\\",
        "...!?",
        "🙂🙃",
        "a\x00b",
        "' or 1=1 --",
        "(((",
        "токен",
        "'" * 500,
    ],
)
def test_whatever_is_typed_gets_an_answer(client: Any, text: str) -> None:
    assert client.get(PAGE, {"q": text}).status_code == 200
    assert client.get(f"{PAGE}suggestions/", {"q": text}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "x"}, {"product": "a\x00"}, {"platform": "vms"}, {"version": "five"}, {"s": "x"}],
)
def test_a_filter_that_cannot_be_is_none(client: Any, wrong: Any) -> None:
    page = client.get(PAGE, {"q": "token expired"} | wrong)
    assert "<mark>token</mark>" in page.content.decode()


def test_suggestions_are_titles_and_noted_nowhere(client: Any) -> None:
    text = client.get(f"{PAGE}suggestions/", {"q": "token"}).content.decode()
    assert 'data-href="/docs/en/a/token-expired/"' in text
    assert "canary" not in text
    assert not SearchRecord.objects.exists()
