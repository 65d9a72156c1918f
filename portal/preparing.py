"""The steps between an empty folder and processes that can serve; each may be repeated."""

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from psycopg.conninfo import conninfo_to_dict

from portal import database
from portal.database import DatabaseUrls
from portal.environment import refuse
from portal.provision import CONNECT_SECONDS, prepare_database
from portal.startup_checks import PowerfulLogin, check_login, first_line

ROOT = Path(__file__).resolve().parent.parent
LAST_PORT = 65535
HAS_ORGANIZATIONS = "select exists (select from accounts_organization)"


def refuse_taken_port(process: str, host: str, port: int, option: str) -> None:
    """End with one line when something else listens there, or nothing ever could."""
    if not 0 < port <= LAST_PORT:
        refuse(f"Port {port} for {process} is none: {option} takes 1 to {LAST_PORT}.")
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
        except OSError as problem:
            refuse(f"Port {port} for {process} cannot be used ({problem.strerror}): try {option}.")


def external_database() -> DatabaseUrls:
    """Return the logins the environment names, after trying both; refuse if one fails."""
    found = database.urls()
    if not found.owner:
        refuse("DATABASE_OWNER_URL is not set: the login of vigil_owner, who runs migrations.")
    for name, url in (("DATABASE_URL", found.app), ("DATABASE_OWNER_URL", found.owner)):
        try:
            with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
                if name == "DATABASE_URL":
                    check_login(connection.cursor())
        except PowerfulLogin as problem:
            refuse(str(problem))
        except psycopg.OperationalError as problem:
            parts = conninfo_to_dict(url)
            where = f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}"
            refuse(f"{name}: the database at {where} cannot be reached: {first_line(problem)}")
    try:
        prepare_database(found.owner)
    except psycopg.errors.UndefinedObject as problem:  # a role a newer version brought
        refuse(f"{first_line(problem)}: run deploy/roles.sql on the server, its head says how.")
    except (
        psycopg.errors.InsufficientPrivilege,
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.UndefinedFile,
    ) as problem:
        refuse(f"{first_line(problem)}: see deploy/extensions.sql, to be run once on the server.")
    return found


def has_organizations(app_url: str) -> bool:
    """Whether anybody's data is there already, so that demo data must stay out."""
    with psycopg.connect(app_url, connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute("select set_config('role', 'vigil_staff', true)")
        row = connection.execute(HAS_ORGANIZATIONS).fetchone()
        return bool(row and row[0])


def manage(*arguments: str, environment: dict[str, str]) -> None:
    """Run a management command in a process of its own; end with its exit code if it fails."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, env=os.environ | environment, check=False)  # noqa: S603  our own
    if done.returncode:
        refuse(f"manage.py {' '.join(arguments)} failed; see above.")


def static_files_changed() -> str:
    """Return a fingerprint of the static files when it differs from the collected ones, else ''."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    fingerprint = digest.hexdigest()
    collected = _fingerprint_file()
    same = collected.exists() and collected.read_text() == fingerprint
    return "" if same else fingerprint


def note_static_files(fingerprint: str) -> None:
    """Remember what was collected, once it is."""
    _fingerprint_file().write_text(fingerprint)


def _fingerprint_file() -> Path:
    return Path(settings.STATIC_ROOT) / ".fingerprint"
