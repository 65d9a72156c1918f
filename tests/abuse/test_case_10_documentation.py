"""Case 10 in the knowledge base: shared caches keep only what is the same for everyone."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
PAGES = (
    *("/docs/en/", "/docs/zh/articles/", "/docs/en/a/about/", "/docs/en/releases/im/"),
    *("/docs/en/releases/im.atom", "/docs/en/errors/im/", "/docs/sitemap.xml"),
)


@pytest.fixture(autouse=True)
def _articles(db: None) -> None:
    factories.product()
    factories.text(factories.article("about", title="For everyone"))
    factories.article("own", title="For customers", audience="customers")


@pytest.mark.parametrize("path", PAGES)
def test_what_visitors_read_may_be_shared_and_asked_for_again(client: Any, path: str) -> None:
    response = client.get(path)
    assert response["Cache-Control"] == "public, max-age=120"
    assert "Cookie" in response["Vary"]
    assert not response.cookies
    again = client.get(path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_what_members_read_is_kept_by_no_shared_cache(
    cast: SimpleNamespace, browser_of: Any, path: str
) -> None:
    for person in (cast.owner, cast.engineer):
        assert browser_of(person).get(path)["Cache-Control"] == "private, no-cache"


def test_a_session_is_enough_even_when_it_has_ended(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    browser = browser_of(cast.owner)
    cast.owner.is_active = False
    cast.owner.save()
    assert browser.get("/docs/en/a/about/")["Cache-Control"] == "private, no-cache"


def test_visitors_after_members_get_their_own(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    member = browser_of(cast.owner).get("/docs/en/articles/")
    assert b"For customers" in member.content
    visitor = client.get("/docs/en/articles/", headers={"If-None-Match": member["ETag"]})
    assert visitor.status_code == 200
    assert b"For customers" not in visitor.content


def test_pages_for_everyone_carry_nothing_of_a_reader(client: Any) -> None:
    shown = client.get("/docs/en/a/about/").content.decode()
    assert "csrfmiddlewaretoken" not in shown
    assert not re.search(r'nonce="', shown)


@pytest.mark.parametrize("path", ["/docs/en/a/nothing/", "/docs/en/a/own/", "/docs/xx/"])
def test_what_is_not_found_is_kept_by_nobody(client: Any, path: str) -> None:
    assert client.get(path)["Cache-Control"] == "private, no-store"


def test_answers_are_kept_by_nobody(client: Any) -> None:
    given = client.post("/docs/en/a/about/feedback/", {"helped": "yes"})
    assert given["Cache-Control"] == "private, no-store"
