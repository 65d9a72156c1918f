"""Case 43: an invitation that is reused, run out, revoked, empty, forwarded or guessed."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import invitations
from accounts.models import Membership, User
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
GUEST = "guest@starcast.example"


@pytest.fixture
def token(cast: SimpleNamespace) -> str:
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.owner), email=GUEST, role="admin", now=NOON
    )
    return link_in(letters_to(GUEST)[0]).split("/")[2]


@pytest.fixture
def guest(cast: SimpleNamespace) -> User:
    return factories.user("Gia Guest", email=GUEST)


def test_used_twice(token: str, guest: User) -> None:
    invitations.accept(token=token, user=guest, now=NOON)
    Membership.objects.filter(user=guest).delete()  # removed since
    with pytest.raises(ValidationError, match="not valid any more"):
        invitations.accept(token=token, user=guest, now=NOON)


def test_run_out(token: str, guest: User) -> None:
    with pytest.raises(ValidationError, match="not valid any more"):
        invitations.accept(token=token, user=guest, now=NOON + dt.timedelta(days=7))


def test_revoked(cast: SimpleNamespace, token: str, guest: User) -> None:
    invitation = invitations.find(token=token, now=NOON)
    assert invitation is not None
    invitations.revoke(invitation=invitation, by=Viewer.of(cast.owner), now=NOON)
    with pytest.raises(ValidationError, match="not valid any more"):
        invitations.accept(token=token, user=guest, now=NOON)


@pytest.mark.parametrize("wrong", ["", " ", "0", "null", "x" * 43, "%00", "a" * 5000])
def test_empty_or_guessed(token: str, guest: User, wrong: str) -> None:
    with pytest.raises(ValidationError, match="not valid any more"):
        invitations.accept(token=wrong, user=guest, now=NOON)


def test_the_stored_hash_is_no_token(token: str, guest: User) -> None:
    with pytest.raises(ValidationError, match="not valid any more"):
        invitations.accept(token=invitations.digest(token), user=guest, now=NOON)


@pytest.mark.parametrize("person", ["stranger", "former", "viewer", "engineer"])
def test_forwarded_to_somebody_else(cast: SimpleNamespace, token: str, person: str) -> None:
    with pytest.raises(PermissionDenied):
        invitations.accept(token=token, user=getattr(cast, person), now=NOON)
    assert invitations.find(token=token, now=NOON) is not None, "it still waits for the invited"


def test_the_invited_address_when_it_is_not_verified(cast: SimpleNamespace, token: str) -> None:
    squatter = factories.user("Squatter", email=GUEST, verified=False)
    with pytest.raises(PermissionDenied):
        invitations.accept(token=token, user=squatter, now=NOON)


def test_a_deactivated_account(token: str, guest: User) -> None:
    guest.is_active = False
    guest.save()
    with pytest.raises(PermissionDenied):
        invitations.accept(token=token, user=guest, now=NOON)


def test_a_member_is_not_raised_by_an_invitation(cast: SimpleNamespace, token: str) -> None:
    """Invited as an admin, but a viewer by then: the role is the team's to change."""
    guest = factories.member(cast.star, "viewer", "Gia", email=GUEST)  # type: ignore[arg-type]
    invitations.accept(token=token, user=guest, now=NOON)
    assert Membership.objects.get(user=guest).role == "viewer"


def test_looking_at_it_uses_nothing_up(token: str, client: Any, guest: User) -> None:
    for _time in range(3):
        client.get(f"/invitation/{token}/")
    assert not Membership.objects.filter(user=guest).exists()
