"""Case 3: an address that looks like A's never joins A, by sign-up or by A's invitation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts import invitations
from accounts.models import Membership
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
PHRASE = "a long phrase 9"
LOOKALIKES = [
    "x@starcast.example",
    "x@starcast.example.evil.io",
    "x@st\u0430rcast.example",  # a Cyrillic letter
    "x@xn--strcast-5nf.example",
    "developer+x@starcast.example",
]


@pytest.mark.parametrize("email", LOOKALIKES)
@pytest.mark.parametrize("verified", [False, True])
def test_no_account_joins_by_its_domain(
    cast: SimpleNamespace, browser_of: Any, email: str, verified: bool
) -> None:
    person = factories.user("Eve", email=email, verified=verified)
    page = browser_of(person).get("/team/").content.decode()
    assert "Bob Lin" not in page
    assert not Membership.objects.filter(user=person).exists()


@pytest.mark.parametrize("email", LOOKALIKES)
def test_signing_up_creates_an_account_and_nothing_else(
    cast: SimpleNamespace, client: Any, email: str
) -> None:
    before = Membership.objects.count()
    client.post(
        "/accounts/signup/",
        {"name": "Eve", "email": email, "password1": PHRASE, "password2": PHRASE},
    )  # fmt: skip
    assert Membership.objects.count() == before


@pytest.mark.parametrize("email", LOOKALIKES[1:])
def test_a_lookalike_does_not_accept_an_invitation(cast: SimpleNamespace, email: str) -> None:
    token = invitation_for("x@starcast.example", cast)
    with pytest.raises(PermissionDenied):
        invitations.accept(token=token, user=factories.user("Eve", email=email), now=NOON)


def test_the_invited_address_unverified_does_not_either(cast: SimpleNamespace) -> None:
    token = invitation_for("x@starcast.example", cast)
    eve = factories.user("Eve", email="x@starcast.example", verified=False)
    with pytest.raises(PermissionDenied):
        invitations.accept(token=token, user=eve, now=NOON)


def invitation_for(email: str, cast: SimpleNamespace) -> str:
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.owner), email=email, role="developer", now=NOON
    )
    return link_in(letters_to(email)[0]).split("/")[2]
