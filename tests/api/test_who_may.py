"""Who gets into the API, and how far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import ApiToken, Membership
from tests import factories
from tests.api.conftest import NEW, Caller, token_for
from tickets.models import Ticket


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer vgl_no", "Basic dXNlcjpwYXNz", "Token x"])
def test_without_a_valid_token_the_answer_is_401(cast: SimpleNamespace, header: str) -> None:
    response = Caller().get("/api/v1/tickets/", headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Vigil API"'
    assert list(response.json()) == ["detail"]


def test_a_sessions_cookie_means_nothing_here(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.owner)
    assert browser.get("/api/v1/tickets/").status_code == 401
    assert browser.post("/api/v1/tickets/", NEW, content_type="application/json").status_code == 401


def test_a_token_needs_no_csrf_token_and_no_session(api: Caller) -> None:
    response = api.send("tickets/", NEW)
    assert response.status_code == 201
    assert not response.cookies


def test_a_read_scope_cannot_write(caller_of: Callable[..., Caller], cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    reader = caller_of("tickets:read")
    assert reader.read("tickets/STAR-1/").status_code == 200
    for path in ("tickets/", "tickets/STAR-1/replies/", "tickets/STAR-1/resolve/"):
        response = reader.send(path, NEW)
        assert response.status_code == 403
        assert response.json() == {"detail": "The scopes of this token do not allow this."}
    assert Ticket.objects.count() == 1


def test_last_use_is_noted_also_when_the_request_is_refused(
    api: Caller, clock: SimpleNamespace
) -> None:
    assert api.send("tickets/", {}).status_code == 400
    assert ApiToken.objects.get().last_used_at == clock.now


def test_a_token_ends_with_its_creators_membership(api: Caller, cast: SimpleNamespace) -> None:
    Membership.objects.filter(user=cast.owner).delete()
    assert api.read("tickets/").status_code == 401


def test_an_expired_token_is_refused(api: Caller, clock: SimpleNamespace) -> None:
    clock.now += dt.timedelta(days=31)
    assert api.read("tickets/").status_code == 401


def test_a_token_is_for_one_organization_of_its_creator(
    cast: SimpleNamespace, clock: SimpleNamespace
) -> None:
    Membership.objects.create(organization=cast.bright, user=cast.owner, role="owner")
    factories.ticket(cast.stranger)
    factories.ticket(cast.owner, organization=cast.star)
    at_bright = Caller(token_for(cast.owner, cast.bright))
    assert [t["reference"] for t in at_bright.read("tickets/").json()["results"]] == ["BRIT-1"]
    assert at_bright.read("tickets/STAR-1/").status_code == 404


def test_a_token_has_a_rate_limit_with_retry_after(
    api: Caller, caller_of: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.api_authentication.PerToken.rate", "3/min", raising=False)
    answers = [api.read("tickets/") for _each in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert caller_of().read("tickets/").status_code == 200


def test_no_cache_keeps_an_answer(api: Caller, cast: SimpleNamespace) -> None:
    for response in (api.read("tickets/"), api.read("tickets/STAR-9/"), Caller().read("tickets/")):
        assert response["Cache-Control"] == "private, no-store"
