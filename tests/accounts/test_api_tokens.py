"""API tokens as verbs: made, recognised, refused, revoked."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts import api_tokens
from accounts.models import ApiToken, Event, Membership
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from tests.factories import NOON

MONTH = dt.timedelta(days=30)


def make(cast: SimpleNamespace, **other: Any) -> tuple[ApiToken, str]:
    by = Viewer.of(other.pop("by", cast.owner))
    wanted: dict[str, Any] = {
        "organization": cast.star,
        "name": "Monitoring",
        "scopes": ["tickets:read"],
        "now": NOON,
        "expires_at": NOON + MONTH,
    }
    with acting_for(by):
        return api_tokens.create(by=by, **wanted | other)


def recognise(secret: str, now: dt.datetime = NOON) -> api_tokens.Caller | None:
    with acting_as(DatabaseRole.LOGIN):
        return api_tokens.authenticate(secret, now=now)


def test_a_token_acts_as_its_creator_within_its_scopes(cast: SimpleNamespace) -> None:
    token, secret = make(cast)
    caller = recognise(secret)
    assert caller is not None
    assert caller.token == token
    assert caller.viewer.user == cast.owner
    assert dict(caller.viewer.roles) == {cast.star.pk: "owner"}
    assert caller.viewer.scopes == {"tickets:read"}


def test_only_the_hash_is_kept_and_the_secret_is_recognisable(cast: SimpleNamespace) -> None:
    token, secret = make(cast)
    assert secret.startswith("vgl_")
    assert len(secret) == 55
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert row["hint"] == secret[:10]


@pytest.mark.parametrize("spoil", [str.swapcase, str.strip, lambda s: s[:-1], lambda s: s + "a"])
def test_a_mistyped_secret_is_refused_without_a_query(
    cast: SimpleNamespace, spoil: Any, django_assert_num_queries: Any
) -> None:
    _token, secret = make(cast)
    spoilt = spoil(secret)
    if spoilt == secret:
        spoilt = "vgl_" + "0" * 51
    with django_assert_num_queries(0):
        assert api_tokens.authenticate(spoilt, now=NOON) is None


def test_the_stored_hash_is_no_secret(cast: SimpleNamespace) -> None:
    token, _secret = make(cast)
    assert recognise(token.token_hash) is None


def test_an_expired_or_revoked_token_is_refused(cast: SimpleNamespace) -> None:
    token, secret = make(cast)
    assert recognise(secret, NOON + MONTH) is None
    owner = Viewer.of(cast.owner)
    with acting_for(owner):
        api_tokens.revoke(token=token, by=owner, now=NOON)
        api_tokens.revoke(token=token, by=owner, now=NOON)
    assert recognise(secret) is None
    verbs = Event.objects.about(f"token/{token.pk}").values_list("verb", flat=True)
    assert list(verbs) == ["token.created", "token.revoked"]


def test_a_token_dies_with_its_creators_membership_right_or_login(cast: SimpleNamespace) -> None:
    _token, secret = make(cast, by=cast.admin)
    membership = Membership.objects.filter(user=cast.admin)
    membership.update(role="developer")
    assert recognise(secret) is None
    membership.update(role="admin")
    assert recognise(secret) is not None
    cast.admin.is_active = False
    cast.admin.save()
    assert recognise(secret) is None
    cast.admin.is_active = True
    cast.admin.save()
    membership.delete()
    assert recognise(secret) is None


def test_last_use_is_noted_at_most_once_a_minute(cast: SimpleNamespace) -> None:
    token, secret = make(cast)
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        recognise(secret, NOON + dt.timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == NOON + dt.timedelta(seconds=noted)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " "),
        ("name", "x" * 61),
        ("name", "a\x00b"),
        ("scopes", []),
        ("scopes", ["tickets:read", "everything"]),
        ("expires_at", NOON),
        ("expires_at", NOON + dt.timedelta(days=367)),
    ],
)
def test_what_cannot_be_is_said_at_the_field(cast: SimpleNamespace, field: str, wrong: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        make(cast, **{field: wrong})
    assert list(raised.value.message_dict) == [field]


def test_only_so_many_tokens_are_valid_at_once(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_tokens, "MOST_LIVE", 1)
    make(cast)
    with pytest.raises(ValidationError, match="Revoke one first"):
        make(cast)


def test_developers_and_strangers_make_and_revoke_none(cast: SimpleNamespace) -> None:
    for person in (cast.developer, cast.stranger, cast.engineer):
        with pytest.raises(PermissionDenied):
            make(cast, by=person)
    token, _secret = make(cast)
    stranger = Viewer.of(cast.stranger)
    with acting_for(stranger), pytest.raises(ApiToken.DoesNotExist):
        api_tokens.revoke(token=token, by=stranger, now=NOON)


def test_the_command_prints_a_token_of_the_owner(
    cast: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    with acting_as(DatabaseRole.LOGIN):
        call_command("create_token", organization="starcast", scope=["tickets:read"])
    secret = capsys.readouterr().out.strip()
    with acting_as(DatabaseRole.LOGIN) as now:
        caller = api_tokens.authenticate(secret, now=now)
    assert caller is not None
    assert caller.viewer.user == cast.owner


def test_the_command_names_the_organizations_there_are(cast: SimpleNamespace) -> None:
    with pytest.raises(CommandError, match="brightclass, starcast"):
        call_command("create_token", organization="nobody", scope=["tickets:read"])
