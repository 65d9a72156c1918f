"""The keeper ends its cluster, however far that had come."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent

# In a process of its own: a keeper kills everything that descends from it.
SCRIPT = """
import os, subprocess, sys
import django
django.setup()
from portal.worker import keeper

class Cluster:
    sentinel = None

    def start(self):
        # A sentinel that dies while it starts, and leaves a child behind.
        sleeper = "import time; print('', flush=True); time.sleep(600)"
        if not os.fork():
            child = subprocess.Popen([sys.executable, "-c", sleeper], stdout=subprocess.PIPE)
            child.stdout.readline()
            print(child.pid, flush=True)
            os._exit(1)
        os.wait()
        {told}
        raise RuntimeError("sentinel exited with code 1")

keeper.Cluster = Cluster
kept = keeper.Keeper()
kept._is_planned = lambda: True
keeper.leave(kept.run())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives us the orphans")
@pytest.mark.parametrize(("told", "code"), [("kept.stop.set()", 0), ("pass", 1)])
def test_a_cluster_that_dies_while_it_starts_leaves_nothing(told: str, code: int) -> None:
    done = subprocess.run(  # noqa: S603  our own command line
        [sys.executable, "-c", SCRIPT.replace("{told}", told)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == code
    assert not psutil.pid_exists(int(done.stdout.split()[0]))
