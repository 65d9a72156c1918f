"""Real engines, in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from portal.database import DatabaseUrls
from tests.database import ROOT, environment

Found = TypeVar("Found")


class EngineProcess:
    """`manage.py engine` on a test's own database; its log is a file."""

    def __init__(self, urls: DatabaseUrls, log: Path, **settings: str) -> None:
        self.log_path = log
        with log.open("a") as out:
            self.process = subprocess.Popen(  # noqa: S603  our own command line
                [sys.executable, str(ROOT / "manage.py"), "engine"],
                env=environment(urls, VIGIL_POOL="1", **settings),
                stdout=out,
                stderr=out,
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    def kill(self) -> None:
        """As hard as it gets."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Ask it to end; returns its exit code. Fails after ten seconds."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def engine(urls: DatabaseUrls, log: Path, **settings: str) -> Iterator[EngineProcess]:
    """An engine that is gone at the end of the block, whatever happened in it."""
    running = EngineProcess(urls, log, **settings)
    try:
        yield running
    finally:
        running.kill()


def eventually(look: Callable[[], Found], *, seconds: float = 20.0) -> Found:
    """What `look` returns as soon as it is true; fails after that many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"It did not happen within {seconds} seconds.")
        time.sleep(0.05)
