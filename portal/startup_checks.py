"""What must hold before a process serves: a reachable database, and a login without power."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, LiteralString, Protocol

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from portal import database
from portal.embedded import EmbeddedServerError
from portal.environment import refuse

POWERS: Final = (
    "select session_user::text, rolsuper, rolbypassrls from pg_roles where rolname = session_user"
)


class Cursor(Protocol):
    """What Django's cursors and psycopg's have in common."""

    def execute(self, query: LiteralString, params: Any = None, /) -> object: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> Any: ...


class PowerfulLogin(OperationalError):
    """The database login could pass the wall between tenants; no connection may be used."""


def refuse_powerful_login() -> None:
    """End the process when its login is too powerful; called by every process before it serves.

    Raises OperationalError when the database cannot be reached.
    """
    try:
        with connection.cursor() as cursor:
            check_login(cursor)
    except PowerfulLogin as problem:
        refuse(str(problem))
    finally:
        connection.close()


def refuse_powerful_connections() -> None:
    """The same for a process that starts before its database: check the first connection made."""

    def check_once(*, connection: BaseDatabaseWrapper, **_: object) -> None:
        with connection.cursor() as cursor:
            check_login(cursor)
        connection_created.disconnect(dispatch_uid="powerful login")

    connection_created.connect(check_once, weak=False, dispatch_uid="powerful login")


def check_login(cursor: Cursor) -> None:
    """Raise PowerfulLogin when the cursor's login is a superuser or bypasses row security."""
    cursor.execute(POWERS)
    judge_login(cursor.fetchone())


def judge_login(row: Any) -> None:
    """The same for what POWERS returned; no row counts as too powerful."""
    login, superuser, bypasses = row or ("", True, True)
    if superuser or bypasses:
        power = "is a superuser" if superuser else "may bypass row-level security"
        raise PowerfulLogin(
            f"The database login {login!r} {power}, so tenants would not be kept apart: "
            "let DATABASE_URL log in as vigil_app (deploy/roles.sql makes it)."
        )


@contextmanager
def clear_lines() -> Iterator[None]:
    """Turn what goes wrong outside our code into one line instead of a traceback."""
    try:
        yield
    except EmbeddedServerError as problem:
        refuse(str(problem))
    except OperationalError as problem:
        if not database.is_external() and not database.EMBEDDED.is_running():
            refuse("The embedded database is not running: start Vigil with `make run`.")
        refuse(f"The database cannot be reached: {first_line(problem)}")


def first_line(problem: BaseException) -> str:
    """Return the first line of an error's text, which for PostgreSQL says what is wrong."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
