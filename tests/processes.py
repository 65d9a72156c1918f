"""Run Vigil's real processes on a test's own database, and take them down again, gently or not.

    with processes(fresh_database) as run:
        run.start("web", "live", "engine")  # returns when all of them serve
        ...                                 # run.url, run.live_url, run.cookie_of(person)
        run.kill("engine")                  # kill -9, workers included
        run.start("engine")                 # again, on the same port

The command lines are the Procfile's. Every process leads a group of its own and only these groups
are ever signalled; whatever happens in the block, none outlives it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from honcho.environ import parse_procfile

from portal import preparing
from portal.database import DatabaseUrls
from tests.database import environment
from tests.ports import free_ports

if TYPE_CHECKING:
    from accounts.models import User

READY_SECONDS = 60.0
END_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.05
LOG_TAIL_LINES = 30
CONNECTED = "select count(*) from pg_stat_activity where application_name = %s"


class Processes:
    """Vigil's processes by their Procfile names; made by `processes`.

    `url` and `live_url` are where web and live answer, `folder` is a folder of this run's own
    with `outbox/` (mail as files), `media/` and a `<name>.log` for each process.
    """

    def __init__(self, urls: DatabaseUrls, folder: Path, more: dict[str, str]) -> None:
        web, live = free_ports(2)
        self.urls = urls
        self.folder = folder
        self.url = f"http://127.0.0.1:{web}"
        self.live_url = f"http://127.0.0.1:{live}/live/"
        self.commands: dict[str, str] = parse_procfile(
            (preparing.ROOT / "Procfile").read_text()
        ).processes
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        python = preparing.ROOT / ".venv" / "bin"
        self.environment = environment(
            urls,
            PATH=f"{python}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            PYTHONUNBUFFERED="1",
            PORT_WEB=str(web),
            PORT_LIVE=str(live),
            VIGIL_URL=self.url,
            VIGIL_LIVE_URL=self.live_url,
            VIGIL_SECRET_KEY=settings.SECRET_KEY,  # sessions made by the test hold here too
            VIGIL_EMAIL_URL=f"file://{folder / 'outbox'}",
            VIGIL_MEDIA=str(folder / "media"),
            **more,
        )

    def start(self, *names: str) -> None:
        """Start the named processes together; return when each is ready for work.

        Raises RuntimeError with the end of its log when one ends or is not ready in time.
        """
        if "web" in names:
            _collect_static_files(self.environment)
        for name in names:
            if self.is_running(name):
                raise RuntimeError(f"{name} runs already.")
            with self._log_file(name).open("ab") as log:
                self.running[name] = subprocess.Popen(  # noqa: S602  the Procfile's own lines
                    self.commands[name],
                    shell=True,
                    cwd=preparing.ROOT,
                    env=self.environment | {"PGAPPNAME": self._application(name)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        for name in names:
            self._await_ready(name)

    def kill(self, name: str) -> None:
        """`kill -9` the process and its workers, with no chance to finish anything."""
        process = self.running.pop(name)
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def end(self, name: str) -> float:
        """Ask it to stop, as a deployment does; return how many seconds that took.

        Raises RuntimeError when it does not stop in time; it is then killed.
        """
        process = self.running.pop(name)
        asked = time.monotonic()
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{name} did not stop.{self._log_tail(name)}") from None
        finally:
            _signal_group(process, signal.SIGKILL)
            process.wait()
        return time.monotonic() - asked

    def pause(self, name: str) -> None:
        """Freeze it, as a machine that stalls does."""
        _signal_group(self.running[name], signal.SIGSTOP)

    def resume(self, name: str) -> None:
        _signal_group(self.running[name], signal.SIGCONT)

    def is_running(self, name: str) -> bool:
        process = self.running.get(name)
        return process is not None and process.poll() is None

    def pid(self, name: str) -> int:
        """The process number of the leader, whose group has the workers."""
        return self.running[name].pid

    def log(self, name: str) -> str:
        """What the process has printed so far, over all its starts."""
        return self._log_file(name).read_text(errors="replace")

    def cookie_of(self, person: User) -> dict[str, str]:
        """A new session of that person, as a cookie for Playwright's `add_cookies`.

        Django must stand on this run's database: use the fixture `committed_database`.
        """
        from django.test import Client

        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.url}

    def end_all(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def _await_ready(self, name: str) -> None:
        process = self.running[name]
        ready = self._ready_check(name)
        deadline = time.monotonic() + READY_SECONDS
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} is not ready.{self._log_tail(name)}")
            time.sleep(LOOK_EVERY_SECONDS)

    def _ready_check(self, name: str) -> Callable[[], bool]:
        """Web and live are ready when they answer, the others when they have the database."""
        if name == "web":
            return lambda: _answers(f"{self.url}/static/favicon.svg")
        if name == "live":
            return lambda: _answers(f"{self.live_url}health")
        return lambda: self._is_connected(name)

    def _is_connected(self, name: str) -> bool:
        with psycopg.connect(self.urls.app) as connection:
            row = connection.execute(CONNECTED, [self._application(name)]).fetchone()
            return row is not None and row[0] > 0

    def _application(self, name: str) -> str:
        return f"vigil-test-{os.getpid()}-{name}"

    def _log_file(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _log_tail(self, name: str) -> str:
        lines = self.log(name).splitlines()[-LOG_TAIL_LINES:]
        return "".join(f"\n  {name}: {line}" for line in lines)


@contextmanager
def processes(urls: DatabaseUrls, **more: str) -> Iterator[Processes]:
    """Yield a `Processes` on that database with nothing started yet; end all of it at the end.

    `more` are environment variables for every process. Django must be set up.
    """
    folder = Path(tempfile.mkdtemp(prefix="vigil-run-"))
    run = Processes(urls, folder, more)
    try:
        yield run
    finally:
        run.end_all()
        shutil.rmtree(folder)


def wait_until(condition: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Look every 50 ms until `condition()` is true; raise AssertionError naming `what` if never."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {seconds:g} s: {what}")
        time.sleep(LOOK_EVERY_SECONDS)


def _answers(url: str) -> bool:
    """Whether an HTTP server answers there without an error of its own."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  our own address
            return bool(response.status)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code < 500
    except OSError:
        return False


def _collect_static_files(into: dict[str, str]) -> None:
    """Collect for the web process what changed since the last time; one run at a time."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    lock_file = preparing.ROOT / "var" / "collecting.lock"
    lock_file.parent.mkdir(exist_ok=True)
    with lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if fingerprint := preparing.static_files_changed():
            collect = ("collectstatic", "--no-input", "--clear", "--verbosity=0")
            preparing.manage(*collect, environment=into)
            preparing.note_static_files(fingerprint)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass  # all of it has ended already
