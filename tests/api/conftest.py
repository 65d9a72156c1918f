"""A caller of the API: a client with a token, at noon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from accounts import api_tokens
from accounts.models import Organization, User
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests.cast import LoginClient
from tests.factories import NOON


class Caller(LoginClient):
    """Speaks JSON with a bearer token; keeps the session's cookies out of it."""

    def __init__(self, secret: str = "") -> None:
        super().__init__(enforce_csrf_checks=True)
        if secret:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"

    def send(self, path: str, body: Any = None, **more: Any) -> Any:
        """POST `body` as JSON to `path` below /api/v1/."""
        return self.post(f"/api/v1/{path}", body, content_type="application/json", **more)

    def read(self, path: str, /, **parameters: Any) -> Any:
        return self.get(f"/api/v1/{path}", parameters)


def token_for(
    person: User,
    organization: Organization,
    *scopes: str,
    now: dt.datetime = NOON,
) -> str:
    by = Viewer.of(person)
    with acting_for(by):
        _token, secret = api_tokens.create(
            by=by,
            organization=organization,
            name="test",
            scopes=scopes or ("tickets:read", "tickets:write"),
            now=now,
            expires_at=now + dt.timedelta(days=30),
        )
    return secret


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Requests run at `clock.now`."""
    clock = SimpleNamespace(now=NOON)
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: clock.now)
    return clock


@pytest.fixture
def caller_of(cast: SimpleNamespace, clock: SimpleNamespace) -> Callable[..., Caller]:
    """A function that gives a caller with a fresh token of StarCast's owner."""

    def caller(*scopes: str, person: User | None = None, at: Organization | None = None) -> Caller:
        return Caller(token_for(person or cast.owner, at or cast.star, *scopes))

    return caller


@pytest.fixture
def api(caller_of: Callable[..., Caller]) -> Caller:
    """With both scopes."""
    return caller_of()


NEW = {"subject": "Messages stopped", "body": "Since 02:50.", "severity": "important"}
