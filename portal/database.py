"""Which database Vigil uses: the one the environment names, else the embedded server's."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from portal.embedded import EmbeddedServerError, Server
from portal.environment import refuse
from portal.provision import (
    APP,
    OWNER,
    Passwords,
    create_database,
    prepare_database,
    provision_roles,
)

VAR = Path(__file__).resolve().parent.parent / "var"
EMBEDDED = Server(VAR / "postgres")
NAME = "vigil"
NOWHERE = "postgresql://127.0.0.1:1/vigil"  # a connection is refused at once
CONNECT_SECONDS = 5
# A pool pauses ever longer between tries to reconnect; giving up early starts those pauses anew,
# so that a server that was away for long is found again within seconds.
POOL = {
    "min_size": 1, "max_size": 10, "timeout": 5, "max_lifetime": 1800, "reconnect_timeout": 10,
}  # fmt: skip


@dataclass(frozen=True)
class DatabaseUrls:
    """How processes log in (`app`) and how migrations do (`owner`)."""

    app: str
    owner: str


def is_external() -> bool:
    """Whether the environment names a server, so that the embedded one stays out of it."""
    return bool(os.environ.get("DATABASE_URL"))


def urls() -> DatabaseUrls:
    """Return both logins; never starts a server.

    `owner` is empty where only DATABASE_URL is set: such a process can serve but not migrate.
    Ends the process with one line when one of them cannot be read at all. Raises
    EmbeddedServerError when the embedded server was never started.
    """
    if is_external():
        return DatabaseUrls(_named("DATABASE_URL"), _named("DATABASE_OWNER_URL"))
    return embedded_urls(EMBEDDED, NAME)


def _named(name: str) -> str:
    """Return the address in the variable `name`, or ''; never repeats it: it holds a password."""
    url = os.environ.get(name, "")
    try:
        port = str(conninfo_to_dict(url).get("port") or "0")
    except (psycopg.ProgrammingError, ValueError):
        port = ""
    if not all(part.isascii() and part.isdigit() for part in port.split(",")):
        refuse(f"{name} is no address of a database: postgresql://login:password@host:5432/vigil.")
    return url


def embedded_urls(server: Server, database: str) -> DatabaseUrls:
    """Return both logins for a database on an embedded server that was provisioned once."""
    server.port()  # raises where nothing was ever started, before a password is made for it
    return DatabaseUrls(
        app=server.url(APP, server.secret("app-password"), database),
        owner=server.url(OWNER, server.secret("owner-password"), database),
    )


def provision_embedded(server: Server, database: str = NAME) -> DatabaseUrls:
    """Give a running embedded server its roles and database; repeatable."""
    passwords = Passwords(server.secret("owner-password"), server.secret("app-password"))
    provision_roles(server.superuser_url(), passwords)
    create_database(server.superuser_url(), database)
    found = embedded_urls(server, database)
    prepare_database(found.owner)
    return found


def django_databases(*, as_owner: bool = False, pooled: bool = False) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES.

    `as_owner` logs in as the schema's owner, for migrations; `pooled` keeps connections open in a
    pool, for processes that serve. Where no database exists yet the settings can still be read,
    and only a connection fails.
    """
    try:
        found = urls()
    except EmbeddedServerError:
        return {"default": from_url(NOWHERE)}
    url = found.owner if as_owner else found.app
    if not url:
        raise EmbeddedServerError("DATABASE_OWNER_URL is not set: migrations run as vigil_owner.")
    return {"default": from_url(url, pooled=pooled)}


def from_url(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings for one database from a libpq URL or connection string."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if pooled:
        options["pool"] = POOL
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    for key, part in {
        "NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port",
    }.items():  # fmt: skip
        settings[key] = parts.pop(part, "")
    return settings | {
        "OPTIONS": options | parts,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
