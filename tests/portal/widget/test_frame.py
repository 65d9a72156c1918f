"""The one page of ours others may show in a frame, and only those who were named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from portal.environment import origins

pytestmark = pytest.mark.django_db
DOCS = "https://docs.starcast.example"


def test_only_the_named_origins_may_show_the_frame(client: Client, settings: Any) -> None:
    settings.WIDGET_ORIGINS = [DOCS, "https://console.example:8443"]
    response = client.get("/widget/frame/", {"organization": "STAR", "origin": DOCS})
    policy = response["Content-Security-Policy"]
    assert f"frame-ancestors {DOCS} https://console.example:8443;" in policy + ";"
    assert "X-Frame-Options" not in response
    assert f'data-widget-origin="{DOCS}"' in response.content.decode()


def test_a_page_that_was_not_named_is_told_nothing(client: Client, settings: Any) -> None:
    settings.WIDGET_ORIGINS = [DOCS]
    for origin in ("https://evil.example", f"{DOCS}.evil.example", "null", '"><script>', ""):
        page = client.get("/widget/frame/", {"organization": "STAR", "origin": origin})
        assert 'data-widget-origin=""' in page.content.decode()


def test_without_named_origins_nobody_may(client: Client, settings: Any) -> None:
    settings.WIDGET_ORIGINS = []
    policy = client.get("/widget/frame/")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/chat/", "/tickets/", "/settings/", "/widget/chat/box/"])
def test_everything_else_is_shown_in_no_frame(
    cast: SimpleNamespace, browser_of: Any, settings: Any, path: str
) -> None:
    settings.WIDGET_ORIGINS = [DOCS]
    response = browser_of(cast.developer).get(path)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_the_frame_holds_no_markup_from_its_address(client: Client) -> None:
    nasty = '"><script>alert(1)</script>'
    page = client.get("/widget/frame/", {"organization": nasty, "origin": nasty, "language": nasty})
    assert page.status_code == 200
    assert "alert(1)" not in page.content.decode()


def test_the_frame_speaks_the_language_of_the_page(client: Client) -> None:
    assert '<html lang="zh-hans"' in client.get("/widget/frame/?language=zh-CN").content.decode()
    assert '<html lang="en"' in client.get("/widget/frame/?language=").content.decode()


def test_the_script_may_be_kept_for_some_minutes(client: Client) -> None:
    response = client.get("/widget.js")
    assert response.status_code == 302
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Location"].endswith("js/widget.js")


@pytest.mark.parametrize(
    "wrong",
    [
        *("*", "https://*.example.com", "docs.example.com", "https://docs.example.com/"),
        *("https://docs.example.com/a", "javascript://x", "https://u@docs.example.com", "https://"),
        *("https://a;script-src", "http://docs.example.com", "https://a,https://b", "'self'"),
    ],
)
def test_what_is_no_origin_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIGIL_WIDGET_ORIGINS", f"https://good.example {wrong}")
    with pytest.raises(SystemExit):
        origins("VIGIL_WIDGET_ORIGINS", secure=True)
    assert "VIGIL_WIDGET_ORIGINS must be origins" in capsys.readouterr().err


def test_origins_are_read_apart_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIL_WIDGET_ORIGINS", "https://A.example http://localhost:8080")
    assert origins("VIGIL_WIDGET_ORIGINS", secure=False) == [
        "https://a.example",
        "http://localhost:8080",
    ]
