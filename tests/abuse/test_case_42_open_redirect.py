"""Case 42: after login, logout and every switch people stay on this site."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http://testserver@evil.example/",
    "http://localhost:6666/",  # an allowed host, and still not a path of ours
    "javascript:alert(1)",
    "data:text/html,x",
    " //evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
    "evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere(cast: SimpleNamespace, client: Any, target: str) -> None:
    answers = [
        client.post("/preferences/", {"theme": "dark", "next": target}),
        client.get("/admin/login/", {"next": target}),
        client.post(
            "/accounts/login/",
            {"login": cast.owner.email, "password": PASSWORD, "next": target},
        ),
        client.get("/accounts/login/", {"next": target}),  # signed in by now
        client.post("/accounts/logout/", {"next": target}),
    ]
    for response in answers:
        assert response.status_code == 302
        location = response["Location"]
        assert location.startswith("/"), location
        assert not location.startswith(("//", "/\\", "/\t")), location
        assert "evil" not in location, location


def test_a_path_of_ours_is_kept(cast: SimpleNamespace, client: Any) -> None:
    form = {"login": cast.owner.email, "password": PASSWORD, "next": "/team/?a=b"}
    assert client.post("/accounts/login/", form)["Location"] == "/team/?a=b"
