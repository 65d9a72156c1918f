"""Settings: the profile, the choices of the reader, API tokens."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import ApiToken

pytestmark = pytest.mark.django_db
PROFILE = {"name": "Bob Lin", "language": "zh-hans", "time_zone": "Asia/Shanghai"}


def test_a_profile_is_saved_and_its_language_used(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    response = browser.post("/settings/profile/", PROFILE)
    assert response["Location"] == "/settings/"
    cast.developer.refresh_from_db()
    assert (cast.developer.language, cast.developer.time_zone) == ("zh-hans", "Asia/Shanghai")
    assert '<html lang="zh-hans"' in browser.get("/settings/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "Bob\u202eniL"},
        {"name": "Bob\x00"},
        {"name": "Bob\nLin"},
        {"language": "tlh"},
        {"time_zone": "Etc/passwd"},
        {"time_zone": "../../etc/passwd"},
    ],
)
def test_a_bad_profile_is_refused_and_nothing_changed(
    cast: SimpleNamespace, browser_of: Any, wrong: dict[str, str]
) -> None:
    response = browser_of(cast.developer).post("/settings/profile/", PROFILE | wrong)
    cast.developer.refresh_from_db()
    assert cast.developer.language == "en"
    assert response.status_code == 422
    assert "field-error" in response.content.decode()


def test_who_belongs_nowhere_has_settings_too(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.former)
    assert browser.get("/settings/").status_code == 200
    browser.post("/settings/profile/", PROFILE | {"name": "Fred"})
    cast.former.refresh_from_db()
    assert cast.former.name == "Fred"


def test_colours_and_language_are_chosen_without_an_account(client: Any, db: None) -> None:
    response = client.post(
        "/preferences/", {"theme": "dark", "language": "zh-hans", "next": "/accounts/login/?a=b"}
    )
    assert response["Location"] == "/accounts/login/?a=b"
    page = client.get("/accounts/login/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'lang="zh-hans"' in page
    client.post("/preferences/", {"theme": "pink", "language": "../x"})
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_the_language_switch_is_kept_with_the_person(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser_of(cast.viewer).post("/preferences/", {"language": "zh-hans"})
    cast.viewer.refresh_from_db()
    assert cast.viewer.language == "zh-hans"


def test_a_tokens_secret_is_shown_once(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.admin)
    made = browser.post(
        "/settings/tokens/", {"name": "CI", "scopes": ["tickets:read"], "days": "90"}
    ).content.decode()
    token = ApiToken.objects.get()
    secret = made.split('id="token-secret">')[1].split("<")[0]
    assert secret.startswith(token.hint)
    again = browser.get("/settings/").content.decode()
    assert token.hint in again
    assert secret not in again
    browser.post(f"/settings/tokens/{token.pk}/revoke/")
    assert token.hint not in browser.get("/settings/").content.decode()


def test_a_bad_token_form_says_what_is_wrong(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.admin).post(
        "/settings/tokens/", {"name": "CI", "scopes": ["everything"], "days": "9999"}
    )
    assert response.status_code == 422
    assert response.content.decode().count("field-error") == 2
    assert not ApiToken.objects.exists()


def test_tokens_are_the_admins_business(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    assert "API tokens" not in browser.get("/settings/").content.decode()
    form = {"name": "CI", "scopes": ["tickets:read"], "days": "90"}
    assert browser.post("/settings/tokens/", form).status_code == 403
    browser_of(cast.admin).post("/settings/tokens/", form)
    pk = ApiToken.objects.get().pk
    assert browser.post(f"/settings/tokens/{pk}/revoke/").status_code == 403
    assert browser_of(cast.stranger).post(f"/settings/tokens/{pk}/revoke/").status_code == 404
