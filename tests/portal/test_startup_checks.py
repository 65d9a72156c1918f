"""No process serves with a login that could pass the wall between tenants."""

import psycopg
import pytest
from django.db import connection

from portal import startup_checks
from portal.database import DatabaseUrls
from portal.startup_checks import PowerfulLogin
from tests.database import TestServer


def test_the_app_login_is_accepted(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.app) as app:
        startup_checks.check_login(app.cursor())


def test_a_superuser_is_refused(database_server: TestServer) -> None:
    with (
        psycopg.connect(database_server.superuser_url) as superuser,
        pytest.raises(PowerfulLogin, match="is a superuser"),
    ):
        startup_checks.check_login(superuser.cursor())


def test_a_process_refuses_in_one_line(
    committed_database: DatabaseUrls,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bypassing = "select session_user::text, false, true"
    monkeypatch.setattr(startup_checks, "POWERS", bypassing)
    with pytest.raises(SystemExit) as ended:
        startup_checks.refuse_powerful_login()
    assert ended.value.code == 2
    assert "may bypass row-level security" in capsys.readouterr().err


def test_a_process_older_than_its_database_refuses_every_connection(
    committed_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup_checks.refuse_powerful_connections()
    powers = startup_checks.POWERS
    monkeypatch.setattr(startup_checks, "POWERS", "select 'mighty', true, true")
    for _ in range(2):
        with pytest.raises(PowerfulLogin):
            connection.ensure_connection()
        connection.close()
    monkeypatch.setattr(startup_checks, "POWERS", powers)
    connection.ensure_connection()
