"""Case 46: deactivated, removed, password changed: sessions, tokens and links are dead."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied

from accounts import api_tokens, invitations, staffing, team
from accounts.models import Membership, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from tests.factories import NOON, PASSWORD
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
NEW = {"password1": "another long phrase", "password2": "another long phrase"}


def deactivate(user: User, by: User) -> None:
    with acting_as(DatabaseRole.STAFF, user_id=by.pk):
        staffing.deactivate(user=user, by=Viewer.of(by), now=NOON)


@pytest.mark.parametrize("person", ["engineer", "owner"])
def test_a_deactivated_persons_sessions_end(
    cast: SimpleNamespace, browser_of: Any, client: Any, person: str
) -> None:
    user = getattr(cast, person)
    browser = browser_of(user)
    assert browser.get("/settings/" if person == "owner" else "/admin/queue/").status_code == 200
    deactivate(user, cast.lead)
    assert browser.get("/team/")["Location"].startswith(LOGIN)
    with acting_as(DatabaseRole.LOGIN):
        assert not Session.objects.filter(pk=browser.cookies["vigil-session"].value).exists()
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 200, "the password is gone"


def test_a_deactivated_persons_reset_link_ends(cast: SimpleNamespace, client: Any) -> None:
    client.post("/accounts/password/reset/", {"email": cast.owner.email})
    path = link_in(letters_to(cast.owner.email)[-1])
    deactivate(cast.owner, cast.lead)
    client.post(client.get(path, follow=True).request["PATH_INFO"], NEW)
    assert not User.objects.get(pk=cast.owner.pk).has_usable_password()
    before = len(letters_to(cast.owner.email))
    client.post("/accounts/password/reset/", {"email": cast.owner.email})
    texts = [letter.payload["text"] for letter in letters_to(cast.owner.email)[before:]]
    assert not any("/reset/key/" in text for text in texts), "nor is a new one made"


def test_a_deactivated_persons_tokens_end(cast: SimpleNamespace) -> None:
    _token, secret = token_of(cast.owner, cast)
    deactivate(cast.owner, cast.lead)
    User.objects.filter(pk=cast.owner.pk).update(is_active=True)  # even when they come back
    assert api_tokens.authenticate(secret, now=NOON) is None


def test_an_engineer_cannot_deactivate(cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        deactivate(cast.second, cast.engineer)


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    here, elsewhere = browser_of(cast.developer), browser_of(cast.developer)
    assert elsewhere.get("/settings/").status_code == 200
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD} | NEW)
    assert elsewhere.get("/settings/")["Location"].startswith(LOGIN)
    assert here.get("/settings/").status_code == 200
    assert "changed" in letters_to(cast.developer.email)[-1].payload["text"]


def test_changing_the_password_ends_links_to_reset_it(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    client.post("/accounts/password/reset/", {"email": cast.developer.email})
    path = link_in(letters_to(cast.developer.email)[-1])
    browser_of(cast.developer).post("/accounts/password/change/", {"oldpassword": PASSWORD} | NEW)
    client.post(client.get(path, follow=True).request["PATH_INFO"], {
        "password1": "a thief's long phrase", "password2": "a thief's long phrase",
    })  # fmt: skip
    assert User.objects.get(pk=cast.developer.pk).check_password(NEW["password1"])


def test_resetting_the_password_ends_all_sessions_and_works_once(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    old = browser_of(cast.developer)
    client.post("/accounts/password/reset/", {"email": cast.developer.email})
    link = link_in(letters_to(cast.developer.email)[-1])
    client.post(client.get(link, follow=True).request["PATH_INFO"], NEW)
    assert old.get("/settings/")["Location"].startswith(LOGIN)
    again = type(client)().get(link, follow=True).content.decode()
    assert 'name="password1"' not in again


def test_a_removed_members_next_request_shows_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.admin)
    _token, secret = token_of(cast.admin, cast)
    assert "Bob Lin" in browser.get("/team/").content.decode()
    seat = Membership.objects.get(user=cast.admin)
    team.remove(membership=seat, by=Viewer.of(cast.owner), now=NOON)
    assert "Bob Lin" not in browser.get("/team/").content.decode()
    assert browser.post("/settings/tokens/", {}).content.decode().count("no organization") == 1
    assert api_tokens.authenticate(secret, now=NOON) is None


def token_of(person: User, cast: SimpleNamespace) -> tuple[Any, str]:
    return api_tokens.create(
        by=Viewer.of(person), organization=cast.star, name="CI", scopes=["tickets:read"],
        now=NOON, expires_at=NOON + invitations.VALID_FOR,
    )  # fmt: skip
