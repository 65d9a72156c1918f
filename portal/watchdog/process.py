"""Observe, decide, tell: every second, whatever hangs."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path
from typing import Final

import structlog

from portal.watchdog import alarms
from portal.watchdog.calling import Caller, DeadMansSwitch
from portal.watchdog.canary import CHANNELS, Canaries, Receiver
from portal.watchdog.decision import Observation, Trouble, troubles
from portal.watchdog.in_database import DatabaseLook
from portal.watchdog.looking import Look

TURN_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 3.0
DISK_SECONDS: Final = 15.0
ASLEEP_SECONDS: Final = 10.0  # a turn that long means that we were stopped ourselves

log = structlog.get_logger(__name__)


class Watchdog:
    """Run with `run`; it returns within a second after `stop` is set."""

    def __init__(
        self,
        stop: threading.Event,
        *,
        receiver: Receiver,
        callers: list[Caller],
        switch: DeadMansSwitch | None,
        folder: Path,
        disk_wanted: int,
    ) -> None:
        """`folder` is where attachments are kept, `disk_wanted` the bytes that must be free."""
        self.stop = stop
        self.receiver = receiver
        self.callers = callers
        self.switch = switch
        self.disk_wanted = disk_wanted
        self.canaries, self.mailed = (Canaries(time.monotonic(), lane) for lane in CHANNELS)
        self.found: tuple[Trouble, ...] = ()
        self.state = alarms.CALM
        self.database = Look(
            "database",
            DatabaseLook(
                (self.canaries, self.mailed), receiver, lambda: [one.key for one in self.found]
            ),
            every=LOOK_SECONDS,
            patience=4 * LOOK_SECONDS,
            stop=stop,
        )
        self.disk = Look(
            "disk",
            lambda: free_bytes(folder),
            every=DISK_SECONDS,
            patience=4 * DISK_SECONDS,
            stop=stop,
        )
        self.awake_since = self.last_turn = time.monotonic()

    def run(self) -> None:
        with self.receiver.listening(self._arrived):
            for thread in (self.database, self.disk, *self.callers, self.switch):
                if thread is not None:
                    thread.start()
            log.info("watchdog started", alarms=len(self.callers), outside=bool(self.switch))
            while not self.stop.wait(TURN_SECONDS):
                self.turn(time.monotonic())
        log.info("watchdog ended")

    def turn(self, now: float) -> None:
        """One turn at `now`, in seconds that never go back."""
        if now - self.last_turn > ASLEEP_SECONDS:
            self.awake_since = now
        self.last_turn = now
        self.found = troubles(self.observation(now))
        self.state, notices = alarms.step(self.state, self.found, now)
        for notice in notices:
            self._tell(notice)
        if self.switch is not None:
            # Only once a canary has come: a watchdog that starts again and again proves nothing.
            came = self.canaries.has_arrived and self.mailed.has_arrived
            well = not self.found and not self.state and came
            self.switch.is_well(well and self.database.found is not None)

    def observation(self, now: float) -> Observation:
        awake, database = now - self.awake_since, self.database
        return Observation(
            watched=min(awake, now - database.answering_since),
            database_age=min(awake, now - database.succeeded_at),
            database=database.found,
            canary_waits=self.canaries.waits(now),
            canary_age=now - self.canaries.last_arrived,
            mailed_waits=self.mailed.waits(now),
            mailed_age=now - self.mailed.last_arrived,
            disk_age=min(awake, now - self.disk.succeeded_at),
            disk_free=self.disk.found,
            disk_wanted=self.disk_wanted,
        )

    def _arrived(self, number: int) -> None:
        for lane in (self.canaries, self.mailed):
            lane.arrived(number, time.monotonic())

    def _tell(self, notice: alarms.Notice) -> None:
        say = log.info if notice.word is alarms.Word.OVER else log.error
        say(f"ALARM: {notice.word.value}", keys=notice.keys, lines=notice.lines,
            why=self.database.problem)  # fmt: skip
        for caller in self.callers:
            caller.waiting.put(notice)


def free_bytes(folder: Path) -> int:
    """What is free where `folder` is, or will be once something is kept there."""
    while not os.path.exists(folder):
        folder = folder.parent
    return shutil.disk_usage(folder).free
