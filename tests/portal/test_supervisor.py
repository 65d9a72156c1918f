"""What dies is started again; at the end nothing is left."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

SCRIPT = """
import os, sys
from pathlib import Path
from portal.supervisor import Supervisor
Supervisor(Path(sys.argv[1]), dict(os.environ), lambda: None).run()
"""
TOO_LONG_SECONDS = 30
ROOT = Path(__file__).resolve().parent.parent.parent


def start(procfile: Path, lines: str) -> subprocess.Popen[str]:
    procfile.write_text(lines)
    return subprocess.Popen(  # noqa: S603  our own command line
        [sys.executable, "-c", SCRIPT, str(procfile)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(supervisor: subprocess.Popen[str], text: str) -> str:
    """Read lines until one holds `text`; return it."""
    assert supervisor.stdout is not None
    too_long = threading.Timer(TOO_LONG_SECONDS, supervisor.terminate)
    too_long.start()
    try:
        for line in supervisor.stdout:
            if text in line:
                return line
    finally:
        too_long.cancel()
    raise AssertionError(f"ended without saying {text!r}")


def end(supervisor: subprocess.Popen[str], number: int) -> None:
    supervisor.send_signal(number)
    supervisor.communicate(timeout=30)
    assert supervisor.returncode == 0


def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    supervisor = start(tmp_path / "Procfile", "engine: echo number $$; exec sleep 600\n")
    first = int(wait_for(supervisor, "number ").split()[-1])
    os.kill(first, signal.SIGKILL)
    assert "engine" in wait_for(supervisor, "ended with signal 9")
    second = int(wait_for(supervisor, "number ").split()[-1])
    assert second != first
    end(supervisor, signal.SIGTERM)
    assert not psutil.pid_exists(second)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_children_and_grandchildren_end_with_it(tmp_path: Path, number: int) -> None:
    supervisor = start(
        tmp_path / "Procfile", "web: sleep 600 & echo number $!; wait\nlive: echo up; sleep 600\n"
    )
    grandchild = int(wait_for(supervisor, "number ").split()[-1])
    end(supervisor, number)
    gone = not psutil.pid_exists(grandchild)
    assert gone or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a dead parent")
def test_children_end_when_it_is_killed(tmp_path: Path) -> None:
    supervisor = start(tmp_path / "Procfile", "engine: echo number $$; exec sleep 600\n")
    child = psutil.Process(int(wait_for(supervisor, "number ").split()[-1]))
    supervisor.kill()
    supervisor.communicate(timeout=30)
    assert not psutil.wait_procs([child], timeout=TOO_LONG_SECONDS)[1]
