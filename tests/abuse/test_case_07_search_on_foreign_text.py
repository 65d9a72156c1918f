"""Case 7: searching for what stands in another customer's tickets."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import factories
from tests.api.conftest import Caller
from tests.portal.queries import queries_of

pytestmark = pytest.mark.django_db
SECRET = "orchid-4471"


@pytest.mark.parametrize("text", [SECRET, "orchid", "BRIT-1", "BrightClass", "%", "_"])
def test_no_hit_and_no_more_work_than_for_nonsense(
    cast: SimpleNamespace, browser_of: Any, text: str
) -> None:
    factories.ticket(cast.stranger, subject=f"About {SECRET}", body=f"Here is {SECRET}.")
    browser = browser_of(cast.developer)
    browser.get("/tickets/")
    found = browser.get("/tickets/", {"q": text})
    assert found.status_code == 200
    assert list(found.context["rows"]) == []
    nonsense = re.sub("[A-Za-z]", "z", text)  # of the same shape
    asked = [queries_of(browser, f"/tickets/?{urlencode({'q': q})}") for q in (text, nonsense)]
    assert len(asked[0]) == len(asked[1])


def test_filters_count_and_suggest_nothing(cast: SimpleNamespace, browser_of: Any) -> None:
    product = factories.product("orchid")
    factories.ticket(cast.stranger, subject=f"About {SECRET}", product=product)
    for path in ("/", "/tickets/", "/tickets/?product=orchid", "/tickets/?before=9999999999999-9"):
        answer = browser_of(cast.developer).get(path)
        assert SECRET not in answer.content.decode()


def test_neither_does_the_api(cast: SimpleNamespace, api: Caller) -> None:
    factories.ticket(cast.stranger, subject=f"About {SECRET}", product=factories.product("orchid"))
    assert api.read("tickets/", product="orchid").json()["results"] == []
    assert api.read("tickets/", q=SECRET).status_code == 400
