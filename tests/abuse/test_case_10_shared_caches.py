"""Case 10: the same address asked for by A and then by B; no cache may mix them up."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize(
    "path", ["/team/", "/settings/", "/accounts/login/", "/accounts/sessions/", "/nowhere/"]
)
def test_pages_may_be_kept_by_nobody(cast: SimpleNamespace, browser_of: Any, path: str) -> None:
    response = browser_of(cast.owner).get(path)
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]


def test_redirects_to_the_login_are_not_kept_either(client: Any) -> None:
    response = client.get("/team/")
    assert response["Cache-Control"] == "private, no-store"


def test_the_same_address_shows_each_their_own(cast: SimpleNamespace, browser_of: Any) -> None:
    first = browser_of(cast.owner).get("/team/").content.decode()
    second = browser_of(cast.stranger).get("/team/").content.decode()
    assert "Bob Lin" in first
    assert "Sam Stranger" in second
    assert "Bob Lin" not in second


def test_no_fragment_of_a_page_is_cached() -> None:
    templates = [file.read_text(encoding="utf-8") for file in ROOT.glob("templates/**/*.html")]
    assert templates
    assert not [text for text in templates if "{% cache" in text or "{% load cache" in text]
    for app in ("accounts", "knowledge", "tickets", "portal"):
        for file in (ROOT / app).rglob("*.py"):
            assert "cache_page" not in file.read_text(encoding="utf-8"), file
