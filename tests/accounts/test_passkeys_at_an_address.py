"""At a bare IP address no browser makes a passkey: the pages say so, and offer none."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth

from accounts.tenancy import DatabaseRole, acting_as
from portal.passkeys import work_at

pytestmark = pytest.mark.django_db

INDEX = "/accounts/2fa/"
KEYS = "/accounts/2fa/webauthn/"
ADD = "/accounts/2fa/webauthn/add/"
CONFIRM = "/accounts/reauthenticate/"
CONFIRM_BY_KEY = "/accounts/2fa/webauthn/reauthenticate/"
NEEDS_A_NAME = "need a domain name"
BY_NUMBER = {"HTTP_HOST": "127.0.0.1:8000"}
BY_NAME = {"HTTP_HOST": "localhost:8000"}


@pytest.fixture
def browser(cast: SimpleNamespace, browser_of: Any) -> Any:
    """Confirmed the password a moment ago."""
    confirmed = {"method": "password", "at": time.time(), "reauthenticated": True}
    client = browser_of(cast.engineer)
    with acting_as(DatabaseRole.LOGIN):
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [confirmed]
        session["account_authentication_methods_user"] = str(cast.engineer.pk)
        session.save()
    return client


def page(browser: Any, path: str, host: dict[str, str]) -> str:
    response = browser.get(path, **host)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("path", [INDEX, KEYS])
def test_an_address_offers_an_authenticator_app_instead(browser: Any, path: str) -> None:
    text = page(browser, path, BY_NUMBER)
    assert NEEDS_A_NAME in text
    assert "/accounts/2fa/totp/activate/" in text
    assert ADD not in text


@pytest.mark.parametrize("path", [INDEX, KEYS])
def test_a_name_offers_passkeys(browser: Any, path: str) -> None:
    text = page(browser, path, BY_NAME)
    assert NEEDS_A_NAME not in text
    assert ADD in text


def test_an_old_link_to_add_one_says_so_and_asks_the_browser_for_none(browser: Any) -> None:
    text = page(browser, ADD, BY_NUMBER)
    assert NEEDS_A_NAME in text
    assert "mfa_webauthn_add" not in text
    assert "mfa_webauthn_add" in page(browser, ADD, BY_NAME)


def test_keys_of_another_address_are_still_listed(browser: Any, cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.LOGIN):
        Authenticator.objects.create(
            user=cast.engineer, type=Authenticator.Type.WEBAUTHN, data={"name": "Yubi"}
        )
    assert f'href="{KEYS}"' in page(browser, INDEX, BY_NUMBER)


@pytest.mark.parametrize(("host", "offered"), [(BY_NUMBER, False), (BY_NAME, True)])
def test_confirming_access_offers_a_passkey_only_where_one_works(
    browser: Any, cast: SimpleNamespace, host: dict[str, str], offered: bool
) -> None:
    with acting_as(DatabaseRole.LOGIN):
        for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP):
            Authenticator.objects.create(user=cast.engineer, type=kind, data={"name": "Yubi"})
    text = page(browser, CONFIRM, host)
    assert (CONFIRM_BY_KEY in text) is offered
    assert "/accounts/2fa/reauthenticate/" in text


def test_confirming_by_an_old_link_to_it_asks_the_browser_for_none(
    browser: Any, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "begin_authentication", lambda user: {})
    with acting_as(DatabaseRole.LOGIN):
        Authenticator.objects.create(
            user=cast.engineer, type=Authenticator.Type.WEBAUTHN, data={"name": "Yubi"}
        )
    text = page(browser, CONFIRM_BY_KEY, BY_NUMBER)
    assert NEEDS_A_NAME in text
    assert "mfa_webauthn_reauthenticate" not in text
    assert CONFIRM in text, "another way is offered"


@pytest.mark.parametrize(("host", "offered"), [(BY_NUMBER, False), (BY_NAME, True)])
def test_signing_in_offers_a_passkey_only_where_one_works(
    client: Any, host: dict[str, str], offered: bool
) -> None:
    assert ("passkey_login" in page(client, "/accounts/login/", host)) is offered


@pytest.mark.parametrize(
    ("host", "works"),
    [
        *[("vigil.example", True), ("localhost:8000", True), ("10.example:1", True), ("", True)],
        *[("10.0.0.8", False), ("10.0.0.8:8000", False), ("[::1]:8000", False), ("[::1]", False)],
    ],
)
def test_what_is_a_name(rf: Any, host: str, works: bool) -> None:
    assert work_at(rf.get("/", headers={"host": host})) is works
