"""Every address, driven as everybody: who gets what stands in `access_matrix.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import URLPattern, get_resolver, resolve

from tests.access_matrix import WHO, Row, rows
from tests.access_scene import NOWHERE, browser, rows_of_everything, undone

ROWS = list(rows())
REFUSED = frozenset({"login", "desk", "outside", "=404", "401", "403", "404", "405"})
# A row that leads here leads nowhere, unless it means to.
CATCH_ALLS = {"admin/(?P<url>.*)$": "/admin/nowhere/", "api/": "/api/nowhere/"}


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known = set(routes(get_resolver().url_patterns))
    driven = set()
    for row in ROWS:
        found = resolve(_filled(row.path, _examples())).route
        assert CATCH_ALLS.get(found, row.path) == row.path, f"no address for {row}"
        driven.add(found)
    assert driven == known


def _asked(row: Row) -> tuple[str, ...]:
    """All columns; outside the API one token stands for all, as it opens nothing there."""
    return WHO if row.path.startswith("/api/") else WHO[:-2]


@pytest.mark.parametrize(
    ("row", "who"), [pytest.param(r, w, id=f"{r}-{w}") for r in ROWS for w in _asked(r)]
)
def test_access(scene: SimpleNamespace, row: Row, who: str) -> None:
    expected = row.expected(who)
    with undone():
        response = _request(scene, row, who, scene.names)
        assert _met(response, expected), f"{response.status_code} {response.get('Location', '')}"
        if expected == "=404":
            nowhere = _request(scene, row, who, scene.names | NOWHERE)
            assert _words(response) == _words(nowhere)
        if row.method == "POST" and expected in REFUSED:
            assert rows_of_everything() == scene.rows


def _request(scene: SimpleNamespace, row: Row, who: str, names: dict[str, str]) -> Any:
    cache.clear()  # limits on how often are not what is asked here
    client, path = browser(scene, who), _filled(row.path, names)
    data = {key: _filled(value, names) for key, value in row.data.items()}
    if row.method == "GET":
        response = client.get(path)
    elif path.startswith("/api/"):
        response = client.post(path, data, content_type="application/json")
    else:
        response = client.post(path, data)
    if response.streaming:
        list(response.streaming_content)  # a file is closed at its end
    return response


def _met(response: Any, expected: str) -> bool:
    location = response.get("Location", "")
    elsewhere = response.status_code == 302
    if expected == "login":
        return elsewhere and location.startswith("/accounts/login/")
    if expected == "desk":
        return elsewhere and location == "/admin/queue/"
    if expected == "done":
        return elsewhere and not location.startswith("/accounts/login/")
    if expected == "outside":
        return response.status_code == 200 and _is_outside(response)
    return bool(response.status_code == int(expected.strip("=")))


def _is_outside(response: Any) -> bool:
    return any(used.name == "portal/no_organization.html" for used in response.templates)


def _words(response: Any) -> str:
    """The page without what is fresh in each: nonce, token and the address itself."""
    text = response.content.decode()
    path = response.wsgi_request.path
    text = text.replace(path, "")
    return re.sub(r'(nonce|value|content)="[\w-]{16,}={0,2}"', "", text)


def _filled(value: Any, names: dict[str, str]) -> Any:
    return value.format_map(names) if isinstance(value, str) else value


def _examples() -> dict[str, str]:
    """Names that only have to look right."""
    numbers = (
        "deadline",
        "event",
        "star",
        "developer",
        "product",
        "team",
        "roster",
        "ladder",
        "ticket_id",
        "category",
        "error_code",
        "release_row",
    )
    words = {"delivery": NOWHERE["file"], "link": "link", "page": "page"}
    words |= {"contact": "contact", "feed_token": "token"}
    words |= {"drill_link": "drill", "handover_link": "handover", "second": "1"}
    words |= {"mute_link": "token", "release_mute": "token", "answering": "key"}
    return NOWHERE | words | dict.fromkeys(numbers, "1")
