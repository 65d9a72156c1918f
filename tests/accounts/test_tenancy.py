"""One transaction, one database role: taken for that long and given back whatever happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import SYSTEM, Viewer
from portal.database import DatabaseUrls

SEEN = """
select current_user::text, coalesce(current_setting('vigil.orgs', true), ''),
       coalesce(current_setting('vigil.user', true), ''), current_setting('statement_timeout')
"""


def seen() -> tuple[str, str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        row: tuple[str, str, str, str] = cursor.fetchone()
    return row


@pytest.fixture
def login(committed_database: DatabaseUrls) -> Iterator[tuple[str, str, str, str]]:
    """Outside any transaction, as a process is between two requests."""
    before = seen()
    assert before[0] == "vigil_app"
    yield before
    assert seen() == before, "nothing of a role outlives its transaction"


@pytest.fixture(params=["transaction", "savepoint"])
def outside(request: pytest.FixtureRequest, login: object) -> Iterator[tuple[str, ...]]:
    """Either no transaction yet, or one that is already in some customer's role."""
    within = request.param == "savepoint"
    with (
        acting_as(DatabaseRole.CUSTOMER, organizations=[7, 9], user_id=3)
        if within
        else nullcontext()
    ):
        before = seen()
        assert before[:3] == (("vigil_customer", "7,9", "3") if within else ("vigil_app", "", ""))
        yield before
        assert seen() == before


def test_the_role_is_taken_and_given_back(outside: tuple[str, ...]) -> None:
    with acting_as(DatabaseRole.STAFF, user_id=5):
        assert seen() == ("vigil_staff", "", "5", "2s")
    with acting_as(DatabaseRole.ENGINE):
        assert seen() == ("vigil_engine", "", "", "30s")
    with acting_as(DatabaseRole.LOGIN):
        assert seen()[:3] == ("vigil_app", "", "")


def test_the_role_is_given_back_after_nested_use(outside: tuple[str, ...]) -> None:
    with acting_as(DatabaseRole.STAFF, user_id=5):
        with acting_as(DatabaseRole.ENGINE):
            with acting_as(DatabaseRole.CUSTOMER, organizations=[1]):
                assert seen()[:2] == ("vigil_customer", "1")
            assert seen()[0] == "vigil_engine"
        assert seen() == ("vigil_staff", "", "5", "2s")


def test_the_role_is_given_back_after_an_exception(outside: tuple[str, ...]) -> None:
    with pytest.raises(LookupError), acting_as(DatabaseRole.STAFF):
        raise LookupError


def test_the_role_is_given_back_after_a_broken_statement(outside: tuple[str, ...]) -> None:
    with (
        pytest.raises(DatabaseError),
        acting_as(DatabaseRole.STAFF),
        connection.cursor() as cursor,
    ):
        cursor.execute("select 1/0")


def test_the_role_is_given_back_when_the_transaction_is_to_be_undone(
    outside: tuple[str, ...],
) -> None:
    """As the API does for an answer that is an error: without an exception."""
    with acting_as(DatabaseRole.STAFF):
        transaction.set_rollback(True)


def test_an_exception_caught_inside_leaves_the_role_as_it_was(outside: tuple[str, ...]) -> None:
    with acting_as(DatabaseRole.STAFF, user_id=5):
        with pytest.raises(LookupError), acting_as(DatabaseRole.ENGINE):
            raise LookupError
        assert seen() == ("vigil_staff", "", "5", "2s")


def test_now_is_the_databases_clock_and_not_the_transactions_start(
    login: tuple[str, ...],
) -> None:
    with acting_as(DatabaseRole.STAFF) as first:
        with acting_as(DatabaseRole.STAFF) as second, connection.cursor() as cursor:
            cursor.execute("select clock_timestamp(), now()")
            later, start = cursor.fetchone()
        assert start <= first < second < later
        assert first.utcoffset() == dt.timedelta(0)


def test_organizations_are_numbers_and_nothing_else(login: tuple[str, ...]) -> None:
    with (
        pytest.raises(ValueError, match="invalid literal"),
        acting_as(
            DatabaseRole.CUSTOMER,
            organizations=["1,2"],  # type: ignore[list-item]
        ),
    ):
        pass


@pytest.mark.django_db
def test_each_viewer_has_the_role_that_fits(cast: SimpleNamespace) -> None:
    expected = {
        "vigil_customer": [Viewer.of(cast.developer), Viewer.of(cast.viewer)],
        "vigil_staff": [Viewer.of(cast.engineer), Viewer.of(cast.lead)],
        "vigil_engine": [SYSTEM],
        "vigil_app": [Viewer(user=None), Viewer.of(cast.former)],
    }
    for role, viewers in expected.items():
        for viewer in viewers:
            with acting_for(viewer):
                user, organizations, person, _timeout = seen()
            assert user == role
            assert organizations == ",".join(str(pk) for pk in viewer.organization_ids)
            assert person == (str(viewer.user.pk) if viewer.user else "")
