"""Case 39: passwords are not guessed, by no address, header or side door."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
STOPPED = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def _no_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def guess(client: Any, email: str, password: str = "wrong", **extra: Any) -> str:
    response = client.post(LOGIN, {"login": email, "password": password}, **extra)
    return str(response.status_code) + response.content.decode()


def test_one_account_is_guessed_at_five_times(cast: SimpleNamespace, client: Any) -> None:
    email = cast.owner.email
    for _attempt in range(5):
        assert STOPPED not in guess(client, email)
    assert STOPPED in guess(client, email, PASSWORD), "even the right password has to wait"


def test_from_many_addresses_in_any_spelling_and_under_any_host(
    cast: SimpleNamespace, client: Any
) -> None:
    email = cast.owner.email
    for number in range(5):
        guess(
            client,
            email.upper() if number % 2 else f" {email}",
            REMOTE_ADDR=f"203.0.113.{number}",
            HTTP_HOST=f"localhost:{8000 + number}",
        )
    assert STOPPED in guess(client, email, REMOTE_ADDR="198.51.100.7")


def test_many_accounts_from_one_address_whatever_it_says_it_is(
    cast: SimpleNamespace, client: Any
) -> None:
    for number in range(10):
        guess(
            client,
            f"person{number}@example.com",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
            HTTP_X_REAL_IP=f"203.0.113.{number}",
            HTTP_FORWARDED=f"for=203.0.113.{number}",
        )
    assert STOPPED in guess(client, cast.owner.email, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.7")


def test_behind_our_proxy_only_what_it_wrote_is_believed(
    cast: SimpleNamespace, client: Any, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        guess(
            client,
            f"person{number}@example.com",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 192.0.2.1",
        )
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.7, 192.0.2.1"}
    assert STOPPED in guess(client, cast.owner.email, PASSWORD, **forged)
    honest = {"HTTP_X_FORWARDED_FOR": "192.0.2.1, 192.0.2.2"}
    assert guess(client, cast.owner.email, PASSWORD, **honest).startswith("302")


@pytest.mark.parametrize("forwarded", ["", "nonsense", ",", "a, b, c"])
def test_a_strange_header_is_no_error(
    cast: SimpleNamespace, client: Any, settings: Any, forwarded: str
) -> None:
    settings.TRUSTED_PROXIES = 2
    answer = guess(client, cast.owner.email, PASSWORD, HTTP_X_FORWARDED_FOR=forwarded)
    assert answer.startswith("302")


def test_the_admin_has_no_login_of_its_own(cast: SimpleNamespace, client: Any) -> None:
    form = {"username": cast.engineer.email, "password": PASSWORD, "next": "/admin/"}
    for path in ("/admin/login/", "/admin/"):
        response = client.post(path, form)
        assert response["Location"].startswith("/accounts/login/?next=/")
    assert "_auth_user_id" not in client.cookies
    assert client.get("/admin/").status_code == 302
