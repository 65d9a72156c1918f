"""Case 45: the second factor of staff is not skipped, by reset, side door, replay or race."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_used
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import User
from accounts.tenancy import DatabaseRole, acting_as
from portal.signing_in import StaffSecondFactorMiddleware
from tests.factories import PASSWORD
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
LOGIN, CODE, AGAIN = (
    "/accounts/login/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/reauthenticate/",
)


@pytest.fixture(autouse=True)
def _required(settings: Any) -> Iterator[None]:
    settings.MFA_REQUIRED_FOR_STAFF = True
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def engineer(cast: SimpleNamespace) -> User:
    """With an authenticator app and recovery codes."""
    with acting_as(DatabaseRole.LOGIN):
        TOTP.activate(cast.engineer, SECRET)
        RecoveryCodes.activate(cast.engineer)
    return cast.engineer  # type: ignore[no-any-return]


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def give_password(client: Any, person: User) -> Any:
    return client.post(LOGIN, {"login": person.email, "password": PASSWORD})


def test_a_password_alone_opens_nothing(engineer: User, client: Any) -> None:
    assert give_password(client, engineer)["Location"] == CODE
    for path in ("/admin/", "/admin/queue/", "/settings/", "/accounts/email/"):
        response = client.get(path)
        assert response.status_code in (302, 404), path
        assert response.get("Location", LOGIN).startswith((LOGIN, CODE)), path


def test_with_the_code_the_workspace_opens(engineer: User, client: Any) -> None:
    give_password(client, engineer)
    assert client.post(CODE, {"code": code()})["Location"] == "/admin/queue/"
    assert client.get("/admin/queue/").status_code == 200


def test_a_code_works_once(engineer: User, client: Any) -> None:
    used = code()
    give_password(client, engineer)
    assert client.post(CODE, {"code": used}).status_code == 302
    other = type(client)()
    give_password(other, engineer)
    assert "Incorrect code" in other.post(CODE, {"code": used}).content.decode()


def test_codes_are_not_guessed(engineer: User, client: Any) -> None:
    give_password(client, engineer)
    for _guess in range(5):
        client.post(CODE, {"code": "000000"})
    assert "Too many failed login attempts" in client.post(CODE, {"code": code()}).content.decode()


def test_a_recovery_code_works_once_even_for_two_who_looked_it_up_at_once(
    engineer: User,
) -> None:
    with acting_as(DatabaseRole.LOGIN):
        rows = [
            Authenticator.objects.get(user=engineer, type=Authenticator.Type.RECOVERY_CODES)
            for _reader in range(2)
        ]
        first, second = (RecoveryCodes(row) for row in rows)
        recovery = first.get_unused_codes()[0]
        assert first.validate_code(recovery)
        assert not second.validate_code(recovery)


def test_a_reset_password_does_not_pass_the_second_factor(engineer: User, client: Any) -> None:
    client.post("/accounts/password/reset/", {"email": engineer.email})
    path = client.get(link_in(letters_to(engineer.email)[-1]), follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "a long phrase 9", "password2": "a long phrase 9"})
    assert client.get("/admin/")["Location"].startswith(LOGIN)
    client.post(LOGIN, {"login": engineer.email, "password": "a long phrase 9"})
    assert client.get("/admin/")["Location"].startswith(LOGIN)
    with acting_as(DatabaseRole.LOGIN):
        assert Authenticator.objects.filter(user=engineer).count() == 2


def test_staff_without_one_are_led_to_set_it_up_and_reach_nothing_else(
    cast: SimpleNamespace, client: Any
) -> None:
    give_password(client, cast.engineer)
    for path in ("/admin/", "/admin/accounts/", "/", "/team/", "/settings/"):
        response = client.get(path)
        assert response["Location"] == "/accounts/2fa/", path
    assert client.post("/settings/profile/", {"name": "X"})["Location"] == "/accounts/2fa/"


def test_a_session_from_before_it_was_set_up_has_to_pass_it(
    engineer: User, browser_of: Any
) -> None:
    """Nor can such a session take the second factor away, or add one of its own."""
    browser = browser_of(engineer)
    for path in (
        "/admin/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
    ):
        assert browser.get(path)["Location"].startswith(AGAIN), path
        assert browser.post(path)["Location"].startswith(AGAIN), path
    browser.post(f"{AGAIN}?next=/admin/", {"code": code()})
    assert browser.get("/admin/queue/").status_code == 200


def test_a_passkey_counts_and_only_for_whose_it_is(cast: SimpleNamespace) -> None:
    middleware = StaffSecondFactorMiddleware(lambda _request: HttpResponse())
    request: Any = RequestFactory().get("/admin/")
    request.session, request.resolver_match, request.user = {}, None, cast.engineer
    passkey = Authenticator(user=cast.engineer, type=Authenticator.Type.WEBAUTHN, data={})
    authenticator_used.send(
        sender=Authenticator, request=request, user=cast.second, authenticator=passkey,
        reauthenticated=False, passwordless=True,
    )  # fmt: skip
    with acting_as(DatabaseRole.LOGIN):
        assert middleware.process_view(request, HttpResponse, (), {}) is not None
    authenticator_used.send(
        sender=Authenticator, request=request, user=cast.engineer, authenticator=passkey,
        reauthenticated=False, passwordless=True,
    )  # fmt: skip
    assert middleware.process_view(request, HttpResponse, (), {}) is None


def test_a_page_is_acknowledged_by_its_signed_link_all_the_same(cast: SimpleNamespace) -> None:
    middleware = StaffSecondFactorMiddleware(lambda _request: HttpResponse())
    request: Any = RequestFactory().post("/page/signed/")
    request.session, request.resolver_match, request.user = {}, None, cast.engineer
    assert middleware.process_view(request, HttpResponse, (), {}) is None


def test_the_api_knows_no_session(engineer: User, settings: Any) -> None:
    classes = settings.REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"]
    assert classes == ["portal.api_authentication.BearerToken"]


def test_customers_are_not_asked_for_one(cast: SimpleNamespace, browser_of: Any) -> None:
    assert browser_of(cast.developer).get("/team/").status_code == 200
