"""Pages are compressed for whoever takes that; files and data are not."""

from __future__ import annotations

import gzip
from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_compressed_and_says_so(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    page = browser.get("/", headers=TAKES_GZIP)
    assert page["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page["Vary"]
    assert "</html>" in gzip.decompress(page.content).decode()
    assert not browser.get("/").has_header("Content-Encoding"), "only for whoever asks for it"


def test_its_length_does_not_tell_what_stands_in_it(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    lengths = {len(browser.get("/", headers=TAKES_GZIP).content) for _ in range(12)}
    assert len(lengths) > 3


def test_data_is_left_as_it_is(cast: SimpleNamespace, browser_of: Any) -> None:
    answer = browser_of(cast.developer).get("/api/v1/schema/", headers=TAKES_GZIP)
    assert not answer.has_header("Content-Encoding")
