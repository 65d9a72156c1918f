"""Case 47: headers a proxy might use to say who somebody is mean nothing here."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NAMES = [
    "HTTP_REMOTE_USER",
    "REMOTE_USER",
    "HTTP_X_REMOTE_USER",
    "HTTP_X_FORWARDED_USER",
    "HTTP_X_FORWARDED_EMAIL",
    "HTTP_X_FORWARDED_PREFERRED_USERNAME",
    "HTTP_X_AUTH_REQUEST_USER",
    "HTTP_X_AUTH_REQUEST_EMAIL",
    "HTTP_X_WEBAUTH_USER",
    "HTTP_X_GOOG_AUTHENTICATED_USER_EMAIL",
    "HTTP_X_MS_CLIENT_PRINCIPAL_NAME",
    "HTTP_TAILSCALE_USER_LOGIN",
    "HTTP_SSL_CLIENT_S_DN",
    "HTTP_X_SSL_CLIENT_VERIFY",
]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_signed_in_by_a_header(cast: SimpleNamespace, client: Any, name: str) -> None:
    for person in (cast.owner, cast.lead):
        for path in ("/team/", "/settings/", "/admin/"):
            response = client.get(path, **{name: person.email})
            assert response["Location"].startswith("/accounts/login/"), path


@pytest.mark.parametrize("name", NAMES)
def test_nobody_becomes_somebody_else_by_a_header(
    cast: SimpleNamespace, browser_of: Any, name: str
) -> None:
    page = browser_of(cast.stranger).get("/team/", **{name: cast.owner.email}).content.decode()
    assert "Sam Stranger" in page
    assert "Bob Lin" not in page


def test_basic_authentication_is_not_offered(cast: SimpleNamespace, client: Any) -> None:
    pair = base64.b64encode(f"{cast.owner.email}:{PASSWORD}".encode()).decode()
    response = client.get("/team/", HTTP_AUTHORIZATION=f"Basic {pair}")
    assert response["Location"].startswith("/accounts/login/")
