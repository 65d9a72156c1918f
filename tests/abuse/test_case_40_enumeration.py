"""Case 40: login, reset and sign-up answer alike whether an address is known or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "owner@starcast.example", "nobody@starcast.example"
PASSWORDS = {"password1": "a long phrase 9", "password2": "a long phrase 9"}


@pytest.fixture(autouse=True)
def _no_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password hash computed: what makes up nearly all the time of these requests."""
    computed: list[str] = []
    real = MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        computed.append(salt)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return computed


def answer(client: Any, path: str, email: str, form: dict[str, str]) -> tuple[int, str, str]:
    """Status, target and page, without what differs on every page anyway."""
    response = client.post(path, form)
    page = response.content.decode()
    if response.status_code == 302:
        page = client.get(response["Location"]).content.decode()
    page = page.replace(email, "…")
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
    return response.status_code, response.get("Location", ""), page


def form_for(path: str, email: str) -> dict[str, str]:
    if path.endswith("login/"):
        return {"login": email, "password": "wrong"}
    return {"email": email, "name": "Somebody"} | PASSWORDS


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]
)
def test_the_answer_and_the_work_are_the_same(
    cast: SimpleNamespace, hashed: list[str], path: str, client: Any
) -> None:
    answers, work = [], []
    for email in (KNOWN, UNKNOWN):
        browser = type(client)()
        browser.get(path)
        hashed.clear()
        answers.append(answer(browser, path, email, form_for(path, email)))
        work.append(len(hashed))
    assert answers[0] == answers[1]
    assert work[0] == work[1]
