"""Case 41: links in mail lead to the configured address, whatever Host a request names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
PHRASE = "a long phrase 9"
POISON = {
    "HTTP_HOST": "localhost:6666",  # an allowed name, and not the configured address
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_FORWARDED": "host=evil.example",
}


def text_to(address: str) -> str:
    text: str = letters_to(address)[-1].payload["text"]
    link_in(letters_to(address)[-1])  # there is one, to the configured address
    return text


@pytest.mark.parametrize("email", ["owner@starcast.example", "nobody@starcast.example"])
def test_reset(cast: SimpleNamespace, client: Any, email: str) -> None:
    client.post("/accounts/password/reset/", {"email": email}, **POISON)
    assert "evil.example" not in text_to(email)
    assert "6666" not in text_to(email)


@pytest.mark.parametrize("email", ["owner@starcast.example", "nobody@starcast.example"])
def test_sign_up(cast: SimpleNamespace, client: Any, email: str) -> None:
    form = {"name": "N", "email": email, "password1": PHRASE, "password2": PHRASE}  # fmt: skip
    client.post("/accounts/signup/", form, **POISON)
    assert "evil.example" not in text_to(email)
    assert "6666" not in text_to(email)


def test_invitation(cast: SimpleNamespace, browser_of: Any) -> None:
    form = {"email": "guest@starcast.example", "role": "viewer", "language": "en"}
    browser_of(cast.owner).post("/team/invitations/", form, **POISON)
    assert "6666" not in text_to("guest@starcast.example")


def test_a_foreign_host_is_refused(client: Any, db: None) -> None:
    response = client.get("/accounts/login/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
