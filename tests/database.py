"""The databases tests run on: real PostgreSQL, as `vigil_app`, cheap copies of one template.

The template is made once for each state of the migrations and kept between runs; each run, each
worker and each test with processes of its own then copies it, which takes a fraction of a second.
"""

import fcntl
import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from portal.database import DatabaseUrls
from portal.embedded import Server
from portal.provision import (
    Passwords,
    create_database,
    drop_database,
    prepare_database,
    provision_roles,
)

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test-postgres"
TEMPLATE = "vigil_template_"
FRESH = "vigil_test_"
PASSWORDS = Passwords(owner="test-owner", app="test-app")


class TestServer:
    """A provisioned server on which databases for tests can be made."""

    __test__ = False

    def __init__(self, superuser_url: str) -> None:
        self.superuser_url = superuser_url
        self.template = TEMPLATE + _fingerprint()

    def urls(self, name: str) -> DatabaseUrls:
        """Return both logins for the database `name`."""
        logins = {"vigil_app": PASSWORDS.app, "vigil_owner": PASSWORDS.owner}
        app, owner = (
            make_conninfo(self.superuser_url, dbname=name, user=role, password=password)
            for role, password in logins.items()
        )
        return DatabaseUrls(app=app, owner=owner)

    def prepare(self) -> None:
        """Make roles and, where it is missing, the template; safe for several runs at once."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            provision_roles(self.superuser_url, PASSWORDS)
            names = self._names(TEMPLATE)
            if self.template not in names:
                self._make_template()
            for stale in names - {self.template}:
                drop_database(self.superuser_url, stale)

    @contextmanager
    def fresh(self, label: str) -> Iterator[DatabaseUrls]:
        """Yield the logins of a new migrated database; it is dropped afterwards."""
        name = f"{FRESH}{label}_{os.getpid()}_{secrets.token_hex(3)}"
        create_database(self.superuser_url, name, self.template)
        urls = self.urls(name)
        prepare_database(urls.owner)  # a copy does not carry the grants on the database itself
        try:
            yield urls
        finally:
            drop_database(self.superuser_url, name)

    def drop_leftovers(self) -> None:
        """Drop the databases of runs on this machine that were killed."""
        for name in self._names(FRESH):
            if not psutil.pid_exists(int(name.split("_")[-2])):
                drop_database(self.superuser_url, name)

    def _make_template(self) -> None:
        unfinished = f"{self.template}_unfinished"
        drop_database(self.superuser_url, unfinished)
        create_database(self.superuser_url, unfinished)
        urls = self.urls(unfinished)
        prepare_database(urls.owner)
        migrate(urls)
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(f"alter database {unfinished} rename to {self.template}")

    def _names(self, prefix: str) -> set[str]:
        with psycopg.connect(self.superuser_url) as connection:
            rows = connection.execute(
                "select datname from pg_database where starts_with(datname, %s)", [prefix]
            )
            return {name for (name,) in rows}


@contextmanager
def test_server() -> Iterator[TestServer]:
    """Yield the server named by TEST_DATABASE_SUPERUSER_URL, else an embedded one of our own."""
    named = os.environ.get("TEST_DATABASE_SUPERUSER_URL")
    if named:
        server = TestServer(named)
        server.prepare()
        yield server
        return
    with Server(FOLDER, durable=False).held() as embedded:
        server = TestServer(embedded.superuser_url())
        server.prepare()
        server.drop_leftovers()
        yield server


def environment(urls: DatabaseUrls, **more: str) -> dict[str, str]:
    """Return the environment of a real process that works on a test's own database."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "VIGIL_MODE": "demo",
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "VIGIL_SECRET_KEY": "only-for-tests",
        **more,
    }


def migrate(urls: DatabaseUrls) -> None:
    """Run all migrations as the owner, in a process of its own."""
    done = subprocess.run(  # noqa: S603  our own command line
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", "--verbosity=0"],
        env=environment(urls, VIGIL_AS_OWNER="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations fail:\n{done.stdout}{done.stderr}")


def _fingerprint() -> str:
    """Identify what the template is made of: migrations, database SQL, pinned libraries."""
    digest = hashlib.sha256()
    sources = [
        ROOT / "requirements.txt",
        *sorted(ROOT.glob("*/migrations/*.py")),
        ROOT / "accounts" / "rowsecurity.py",
        *sorted((ROOT / "deploy").glob("*.sql")),
    ]
    for source in sources:
        if source.exists():
            digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]
