"""Who plays in the tests, and in which database role.

A plugin of `tests/conftest.py`, which has the databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.access import Role
from accounts.tenancy import DatabaseRole, acting_as
from tests import factories


@pytest.fixture(autouse=True)
def _engine_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """The test itself looks and makes rows with the engine's eyes, in its own transaction.

    Requests get the role they would have in production, and give it back: see `LoginClient`.
    """
    if "db" not in request.fixturenames and request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    with connection.cursor() as cursor:
        cursor.execute("select set_config('role', 'vigil_engine', true)")
    yield


class LoginClient(Client):
    """A browser: its requests begin as `vigil_app`, as they do in a real process."""

    def request(self, **request: Any) -> Any:
        with acting_as(DatabaseRole.LOGIN):
            return super().request(**request)

    def force_login(self, user: Any, backend: str | None = None) -> None:
        with acting_as(DatabaseRole.LOGIN):
            super().force_login(user, backend)


@pytest.fixture
def client() -> LoginClient:
    return LoginClient()


@pytest.fixture
def browser_of(db: None) -> Any:
    """A function that gives a client logged in as that person."""

    def logged_in(person: Any) -> LoginClient:
        client = LoginClient()
        client.force_login(person)
        return client

    return logged_in


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """The people of most tests: see `make_cast`."""
    return make_cast()


def make_cast() -> SimpleNamespace:
    """The people of most tests; to be called in the role of the engine.

    Of StarCast (STAR, Premium): `owner`, `admin`, `developer`, `viewer`, and `former`, who
    left. Of BrightClass (BRIT, Standard): `stranger`. Of staff: `engineer` (L2, on duty),
    `second` (L3, next on the ladder), `lead` (lead and manager, last on it).
    """
    star = factories.organization("StarCast", key="STAR", plan="premium")
    bright = factories.organization("BrightClass", key="BRIT", plan="standard")
    people = SimpleNamespace(
        star=star,
        bright=bright,
        owner=factories.member(star, Role.OWNER, "Olivia Owner", email="owner@starcast.example"),
        admin=factories.member(star, Role.ADMIN, "Adam Admin", email="admin@starcast.example"),
        developer=factories.member(
            star, Role.DEVELOPER, "Bob Lin", email="developer@starcast.example"
        ),
        viewer=factories.member(star, Role.VIEWER, "Vera Viewer", email="viewer@starcast.example"),
        former=factories.user("Fred Former", email="former@starcast.example"),
        stranger=factories.member(
            bright, Role.OWNER, "Sam Stranger", email="owner@brightclass.example"
        ),
        engineer=factories.engineer("Zhao Min", level="L2", email="zhao@vigil.example"),
        second=factories.engineer("Li Wei", level="L3", email="li@vigil.example"),
        lead=factories.engineer(
            "Chen Yu", level="lead", is_manager=True, email="chen@vigil.example"
        ),
        product=factories.product(),
    )
    people.team = factories.team(people.engineer, people.second, people.lead)
    people.team.products.add(people.product)
    return people
