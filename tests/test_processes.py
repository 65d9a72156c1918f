"""The harness other tests stand on: it starts, kills and leaves nothing behind."""

import os
from pathlib import Path

import psutil
import pytest

from portal.database import DatabaseUrls
from tests.processes import processes, wait_until


def test_web_starts_survives_a_kill_and_leaves_nothing(fresh_database: DatabaseUrls) -> None:
    with processes(fresh_database) as run:
        run.start("web")
        first = run.pid("web")
        group = [one for one in psutil.process_iter() if _group(one.pid) == first]
        assert len(group) > 1, "granian has a worker of its own"
        run.kill("web")
        wait_until(lambda: not any(map(_lives, group)), "the end of the workers too")
        run.start("web")
        assert run.is_running("web")
        last, folder = run.pid("web"), run.folder
    assert not psutil.pid_exists(last)
    assert not Path(folder).exists()


def test_a_process_that_cannot_start_says_why(fresh_database: DatabaseUrls) -> None:
    with (
        processes(fresh_database, VIGIL_DEBUG="maybe") as run,
        pytest.raises(RuntimeError, match="VIGIL_DEBUG must be one of"),
    ):
        run.start("engine")


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
