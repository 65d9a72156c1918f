"""What is missing under /docs/ leads on: to the search and to the first page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/docs/zh/a/nothing/", "/docs/zh/kinds/poem/", "/docs/zh/no/such/address/"]
)
def test_it_offers_search_and_first_page_in_the_language_of_the_address(
    client: Any, path: str
) -> None:
    response = client.get(path)
    shown = response.content.decode()
    assert response.status_code == 404
    assert 'role="search" action="/docs/zh/search/"' in shown
    assert 'href="/docs/zh/"' in shown
    assert '<html lang="zh-hans"' in shown
    assert f"/accounts/login/?next={path}" in shown


def test_without_a_language_in_the_address_it_is_that_of_the_reader(client: Any) -> None:
    shown = client.get("/docs/xx/", headers={"accept-language": "zh-CN"}).content.decode()
    assert 'action="/docs/zh/search/"' in shown
    assert 'action="/docs/en/search/"' in client.get("/docs/files/none.zip").content.decode()


def test_who_is_signed_in_is_not_asked_to(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.article("about", audience="internal")
    shown = browser_of(cast.developer).get("/docs/en/a/about/").content.decode()
    assert 'action="/docs/en/search/"' in shown
    assert "/accounts/login/" not in shown


def test_elsewhere_it_is_the_plain_page(client: Any) -> None:
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "/docs/" not in response.content.decode()
