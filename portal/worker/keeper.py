"""Run one cluster, and end all of it when it no longer works, so that it is started anew."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Final

import psutil
import structlog
from django.db import InterfaceError, OperationalError, connection
from django_q.cluster import Cluster
from django_q.tasks import async_task

from accounts.tenancy import DatabaseRole, acting_as
from portal import process_beats
from portal.engine.outage import Outage, pause_after
from portal.worker import beat, jobs

LOOK_EVERY_SECONDS: Final = 5.0
# A beat each half minute, the first half a minute after the start: two are missing by then.
SILENT_AFTER_SECONDS: Final = 75.0
END_SECONDS: Final = 8.0
DYING_SECONDS: Final = 0.02
PR_SET_CHILD_SUBREAPER: Final = 36  # linux/prctl.h
FAILED: Final = 1
ENDING: Final = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)


class _Told(BaseException):
    """A signal came while a start was waited for that may never come to pass."""


class Keeper:
    """Returns from `run` with an exit code: 0 when told to end, 1 when the cluster is of no use."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.outage = Outage()
        self.interruptible = False

    def run(self) -> int:
        _adopt_orphans()
        try:
            cluster = self._start()
            if cluster:
                return self._watch(cluster)
            return 0 if self.stop.is_set() else FAILED
        finally:
            _kill_descendants()

    def _start(self) -> Cluster | None:
        """Write the schedule and start; None when told to end meanwhile, or when it failed."""
        failures = 0
        while not self._is_planned():
            failures += 1
            if self.stop.wait(pause_after(failures)):
                return None
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        cluster = Cluster()  # takes the signals to itself, and cannot bear them yet
        for number in ENDING:
            signal.signal(number, self._ask_to_stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        try:
            self.interruptible = True
            if not self.stop.is_set():
                cluster.start()
        except _Told:
            pass
        except RuntimeError as problem:  # its sentinel ended, perhaps told to, as we were
            if not self.stop.is_set():
                log.error("the worker did not start", why=str(problem))
            return None
        finally:
            self.interruptible = False
        return None if self.stop.is_set() else cluster

    def _is_planned(self) -> bool:
        notices = self.outage.notices
        try:
            jobs.put_down(dt.datetime.now(dt.UTC))  # django-q asks its own machine's clock
            # The scheduler looks only half a minute after the start, too late to say "it works".
            async_task(jobs.BEAT, hook=jobs.BEAT_SAVED, group="heartbeat")
        except (OperationalError, InterfaceError) as problem:
            self.outage.noticed(problem)
            return False
        finally:
            connection.close()  # none may be open when the cluster forks
        self.outage.over(notices=notices)
        return True

    def _watch(self, cluster: Cluster) -> int:
        watched_since = time.monotonic()
        while not self.stop.wait(LOOK_EVERY_SECONDS):
            if not cluster.sentinel.is_alive():
                log.error("the worker's sentinel has died")
                return FAILED
            age = self._beat_age()
            if age is None:  # the database is away: nobody can beat
                watched_since = time.monotonic()
            elif min(age, time.monotonic() - watched_since) > SILENT_AFTER_SECONDS:
                log.error("the worker does nothing any more", silent_for=round(age))
                return FAILED
        return 0

    def _beat_age(self) -> float | None:
        """Seconds since any worker beat; None when the database does not say."""
        notices = self.outage.notices
        try:
            with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
                found = process_beats.read(cursor).get(beat.NAME)
        except (OperationalError, InterfaceError) as problem:
            self.outage.noticed(problem)
            return None
        finally:
            connection.close()
        self.outage.over(notices=notices)
        return found.age if found else float("inf")

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()
        if self.interruptible:
            self.interruptible = False  # once is enough
            raise _Told


def _adopt_orphans() -> None:
    """Have processes whose parent, the sentinel, was killed become our children, not init's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _kill_descendants() -> None:
    """Kill whoever descends from us, and bury them: init may take its time over our dead.

    Nobody is asked to finish. Jobs bear to be done again, and asking takes locks that one who
    died of the same signal as we may still hold.
    """
    end = time.monotonic() + END_SECONDS
    while (left := psutil.Process().children(recursive=True)) and time.monotonic() < end:
        for child in left:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        with suppress(ChildProcessError):  # raised when none is left
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(DYING_SECONDS)  # those of a dead parent become ours, and are next


def leave(code: int) -> None:
    """End this process at once: multiprocessing would first wait for children that hang."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
