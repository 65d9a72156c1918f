"""Case 49: a token of a lower scope, of others, expired, revoked, or only its hash."""

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts import api_tokens
from accounts.models import ApiToken
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.api.conftest import NEW, Caller, token_for
from tests.factories import NOON


def test_case_49_read_scope_writes(caller_of: Callable[..., Caller]) -> None:
    assert caller_of("tickets:read").send("tickets/", NEW).status_code == 403


def test_case_49_tenant_crossing(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.stranger)
    assert api.read("tickets/BRIT-1/").status_code == 404
    assert api.read("tickets/").json()["results"] == []


def test_case_49_expired(api: Caller, clock: SimpleNamespace) -> None:
    clock.now = NOON + dt.timedelta(days=30)
    assert api.read("tickets/").status_code == 401


def test_case_49_revoked(api: Caller, cast: SimpleNamespace) -> None:
    owner = Viewer.of(cast.owner)
    with acting_for(owner):
        api_tokens.revoke(token=ApiToken.objects.get(), by=owner, now=NOON)
    assert api.read("tickets/").status_code == 401


def test_case_49_stolen_hash(api: Caller) -> None:
    assert Caller(ApiToken.objects.get().token_hash).read("tickets/").status_code == 401


@pytest.mark.parametrize("change", ["is_active", "role", "leaves"])
def test_case_49_the_creator_lost_their_rights(
    cast: SimpleNamespace, clock: SimpleNamespace, change: str
) -> None:
    api = Caller(token_for(cast.admin, cast.star))
    if change == "is_active":
        cast.admin.is_active = False
        cast.admin.save()
    elif change == "role":
        cast.admin.membership_set.update(role="viewer")
    else:
        cast.admin.membership_set.all().delete()
    assert api.read("tickets/").status_code == 401
