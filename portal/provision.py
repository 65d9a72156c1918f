"""Make roles and databases, as `deploy/roles.sql` and `deploy/database.sql` say."""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
OWNER = "vigil_owner"
APP = "vigil_app"
CONNECT_SECONDS = 5
ONE_AT_A_TIME = (
    0x56494749  # advisory lock: two runs at once would meet each other's half-made roles
)


@dataclass(frozen=True)
class Passwords:
    """The passwords of the two roles that log in; `None` keeps the one the role has."""

    owner: str | None = None
    app: str | None = None


def provision_roles(administrator_url: str, passwords: Passwords) -> None:
    """Make or mend the roles on a server; `administrator_url` logs in a role that may do so.

    Only SCRAM verifiers travel to the server, so that its log never sees a password.
    """
    with _connect(administrator_url) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        for role, password in ((OWNER, passwords.owner), (APP, passwords.app)):
            setting = "vigil." + role.removeprefix("vigil_") + "_password"
            verifier = _verifier(connection, role, password) if password else ""
            connection.execute("select set_config(%s, %s, true)", [setting, verifier])
        connection.execute((DEPLOY / "roles.sql").read_bytes())


def create_database(administrator_url: str, name: str, template: str = "template0") -> None:
    """Create a database owned by `vigil_owner` where there is none of that name.

    In either case it has, then, the extensions that only an administrator may create.
    """
    _create_database(administrator_url, name, template)
    with _connect(make_conninfo(administrator_url, dbname=name)) as connection:
        connection.execute((DEPLOY / "extensions.sql").read_bytes())


def _create_database(administrator_url: str, name: str, template: str) -> None:
    with _connect(administrator_url) as connection:
        if connection.execute("select from pg_database where datname = %s", [name]).rowcount:
            return
        borrowed = _borrow_ownership(connection)
        try:
            connection.execute(
                sql.SQL("create database {} owner {} encoding 'UTF8' template {}").format(
                    sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
                )
            )
        except psycopg.errors.DuplicateDatabase:
            pass  # another process was faster
        finally:
            if borrowed:
                connection.execute(f"revoke {OWNER} from current_user")


def drop_database(administrator_url: str, name: str) -> None:
    """Drop a database, ending its connections; does nothing when there is none of that name."""
    with _connect(administrator_url) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def prepare_database(owner_url: str) -> None:
    """Create extensions and grant what precedes the first migration; repeatable.

    Raises psycopg's InsufficientPrivilege where pgvector is missing and FeatureNotSupported where
    it is not even installed.
    """
    with _connect(owner_url) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        connection.execute((DEPLOY / "database.sql").read_bytes())


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)


def _verifier(connection: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> str:
    hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return hashed.decode()


def _borrow_ownership(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Let a role that is no superuser give a database to `vigil_owner`; return whether it was."""
    enough = "set" if connection.info.server_version >= 160000 else "member"
    row = connection.execute("select pg_has_role(current_user, %s, %s)", [OWNER, enough]).fetchone()
    if row and row[0]:
        return False
    connection.execute(f"grant {OWNER} to current_user")
    return True
