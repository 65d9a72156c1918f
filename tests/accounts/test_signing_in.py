"""Signing in and up: where people land, what is kept, in which language mail goes out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import override_settings

from accounts.models import User
from tests.factories import PASSWORD
from tests.letterbox import letters_to

pytestmark = pytest.mark.django_db
SIGNUP = {
    "name": "Gia Guest",
    "email": "Gia@Example.com",
    "password1": "a long phrase 9",
    "password2": "a long phrase 9",
}


def login(client: Any, person: User, **extra: Any) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": PASSWORD} | extra)


def test_members_land_at_home_and_staff_at_their_queue(cast: SimpleNamespace, client: Any) -> None:
    assert login(client, cast.developer)["Location"] == "/"
    client.post("/accounts/logout/")
    assert login(client, cast.engineer)["Location"] == "/admin/queue/"


def test_pages_are_closed_unless_they_say_otherwise(client: Any, db: None) -> None:
    for path in ("/", "/team/", "/settings/", "/admin/", "/tickets/?q=a"):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/accounts/login/?next=/"), path


def test_a_lost_session_leads_back_to_the_page_with_the_draft(client: Any, db: None) -> None:
    response = client.post(
        "/team/invitations/", {"email": "x"}, headers={"referer": "http://testserver/team/?a=b"}
    )
    assert response["Location"] == "/accounts/login/?next=/team/%3Fa%3Db"
    response = client.post("/team/invitations/", headers={"referer": "https://evil.example/team/"})
    assert response["Location"] == "/accounts/login/?next=/"


def test_a_part_of_a_page_is_not_replaced_by_the_login(client: Any, db: None) -> None:
    response = client.get(
        "/tickets/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/?q=push"},
    )
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Ftickets%2F%3Fq%3Dpush"


def test_signing_up_keeps_name_language_and_a_lower_case_address(client: Any, db: None) -> None:
    client.post("/preferences/", {"language": "zh-hans"})
    client.post("/accounts/signup/", SIGNUP)
    user = User.objects.get(email="gia@example.com")
    assert (user.name, user.language) == ("Gia Guest", "zh-hans")
    letter = letters_to("gia@example.com")[0]
    assert letter.payload["language"] == "zh-hans"
    assert letter.organization is None


@pytest.mark.parametrize("name", ["", "x" * 81, "a\u202eb", "a\u200bb", "a\x00b", "a\x07b"])
def test_signing_up_with_a_deceptive_name_is_refused(client: Any, db: None, name: str) -> None:
    response = client.post("/accounts/signup/", SIGNUP | {"name": name})
    assert "field-error" in response.content.decode()
    assert not User.objects.filter(email="gia@example.com").exists()


@override_settings(SIGNUP_OPEN=False)
def test_signing_up_can_be_for_the_invited_alone(client: Any, db: None) -> None:
    client.post("/accounts/signup/", SIGNUP)
    assert not User.objects.filter(email="gia@example.com").exists()


def test_on_a_new_device_the_persons_language_is_used(cast: SimpleNamespace, client: Any) -> None:
    cast.developer.language = "zh-hans"
    cast.developer.save()
    login(client, cast.developer)
    assert '<html lang="zh-hans"' in client.get("/team/").content.decode()


def test_error_pages_are_ours(client: Any, db: None, cast: SimpleNamespace) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
    strict = type(client)(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "This form had expired" in response.content.decode()


def test_a_database_that_is_down_gives_a_plain_503(client: Any, db: None, monkeypatch: Any) -> None:
    from django.db import OperationalError

    def down(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("no route to host 10.0.0.7")

    monkeypatch.setattr("portal.middleware.identify", down)
    client.raise_request_exception = False
    response = client.get("/accounts/login/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "cannot reach its database" in response.content.decode()
    assert "10.0.0.7" not in response.content.decode()
