"""Case 44: an account made beforehand with somebody else's address gains nothing.

There is no social login and no single sign-on yet, so nothing can assert an address for
somebody; a test says so, that whoever adds one meets this case.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import invitations
from accounts.models import Membership, User
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON, PASSWORD
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
VICTIM = "victim@starcast.example"
LOGIN = "/accounts/login/"


@pytest.fixture
def squatter(cast: SimpleNamespace) -> User:
    return factories.user("Squatter", email=VICTIM, verified=False)


def test_no_identity_provider_is_installed() -> None:
    assert [app for app in settings.INSTALLED_APPS if "socialaccount" in app] == []


def test_an_unverified_account_cannot_log_in(squatter: User, client: Any) -> None:
    response = client.post(LOGIN, {"login": VICTIM, "password": PASSWORD})
    assert response["Location"] == "/accounts/confirm-email/"
    assert client.get("/team/")["Location"].startswith(LOGIN)


def test_the_owner_of_the_address_takes_the_account_over(squatter: User, client: Any) -> None:
    """By resetting the password, which ends the squatter's."""
    client.post("/accounts/password/reset/", {"email": VICTIM})
    path = client.get(link_in(letters_to(VICTIM)[-1]), follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "a long phrase 9", "password2": "a long phrase 9"})
    assert not User.objects.get(email=VICTIM).check_password(PASSWORD)


def test_an_invitation_does_not_link_to_it(
    cast: SimpleNamespace, squatter: User, browser_of: Any
) -> None:
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.owner), email=VICTIM, role="admin", now=NOON
    )
    browser_of(squatter).post(link_in(letters_to(VICTIM)[-1]))
    assert not Membership.objects.filter(user=squatter).exists()


def test_changing_to_somebody_elses_address_gives_nothing_before_it_is_confirmed(
    cast: SimpleNamespace, client: Any
) -> None:
    client.post(LOGIN, {"login": cast.former.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
    cast.former.refresh_from_db()
    assert cast.former.email == "former@starcast.example"
    now = timezone.now()  # that of the posts above: the letters stay in their order
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.owner), email=VICTIM, role="admin", now=now
    )
    token = link_in(letters_to(VICTIM)[-1]).split("/")[2]
    found = invitations.find(token=token, now=now)
    assert found is not None
    assert not invitations.may_accept(found, cast.former)
