"""Pages about passwords and second factors ask again who is there, after five minutes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytestmark = pytest.mark.django_db
PAGES = [
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/1/remove/",
]


@pytest.mark.parametrize("page", PAGES)
def test_a_session_of_long_ago_is_asked_for_the_password(
    cast: SimpleNamespace, browser_of: Any, page: str
) -> None:
    response = browser_of(cast.developer).get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client: Any, db: None, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
