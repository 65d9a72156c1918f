"""The database roles are what the wall between tenants stands on."""

import psycopg
import pytest
from psycopg.rows import dict_row

from portal import database, preparing
from portal.database import DatabaseUrls
from portal.provision import Passwords, prepare_database, provision_roles
from tests.database import PASSWORDS, TestServer

ROLES = "select * from pg_roles where starts_with(rolname, 'vigil_')"


def roles(server: TestServer) -> dict[str, dict[str, object]]:
    with psycopg.connect(server.superuser_url, row_factory=dict_row) as connection:
        return {row["rolname"]: row for row in connection.execute(ROLES)}


def test_no_role_has_power(database_server: TestServer) -> None:
    for role in roles(database_server).values():
        assert not role["rolsuper"]
        assert not role["rolbypassrls"]
        assert not role["rolcreaterole"]
        assert not role["rolcreatedb"]


def test_only_owner_and_app_log_in(database_server: TestServer) -> None:
    logins = {name for name, role in roles(database_server).items() if role["rolcanlogin"]}
    assert logins == {"vigil_owner", "vigil_app"}


def test_app_inherits_nothing_from_what_it_may_become(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.owner) as owner:
        owner.execute("create table seen_by_staff (); grant select on seen_by_staff to vigil_staff")
    with psycopg.connect(fresh_database.app) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("select from seen_by_staff")
        app.rollback()
        app.execute("select set_config('role', 'vigil_staff', true)")
        app.execute("select from seen_by_staff")


def test_a_role_lasts_for_one_transaction(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.app) as app:
        app.execute("select set_config('role', 'vigil_customer', true)")
        assert app.execute("select current_user").fetchone() == ("vigil_customer",)
        app.commit()
        assert app.execute("select current_user").fetchone() == ("vigil_app",)


@pytest.mark.parametrize(
    "statement",
    [
        "set role vigil_owner",
        "create table mine ()",
        "create temporary table mine ()",
        "create schema mine",
        "alter role vigil_app bypassrls",
        "alter role vigil_app inherit",
    ],
)
def test_app_may_not(fresh_database: DatabaseUrls, statement: str) -> None:
    with (
        psycopg.connect(fresh_database.app) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement.encode())


def test_a_role_that_gained_power_loses_it_again(database_server: TestServer) -> None:
    with psycopg.connect(database_server.superuser_url) as connection:
        connection.execute("alter role vigil_engine bypassrls")
    provision_roles(database_server.superuser_url, PASSWORDS)
    assert not roles(database_server)["vigil_engine"]["rolbypassrls"]


def test_running_again_without_passwords_keeps_them(
    database_server: TestServer, fresh_database: DatabaseUrls
) -> None:
    provision_roles(database_server.superuser_url, Passwords())
    prepare_database(fresh_database.owner)
    psycopg.connect(fresh_database.app).close()


def test_a_role_that_is_missing_is_named_with_the_remedy(
    fresh_database: DatabaseUrls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def prepare(owner_url: str) -> None:
        with psycopg.connect(owner_url) as connection:
            connection.execute("grant usage on schema public to vigil_of_tomorrow")

    monkeypatch.setattr(database, "urls", lambda: fresh_database)
    monkeypatch.setattr(preparing, "prepare_database", prepare)
    with pytest.raises(SystemExit):
        preparing.external_database()
    told = capsys.readouterr().err
    assert 'role "vigil_of_tomorrow" does not exist' in told
    assert "deploy/roles.sql" in told
