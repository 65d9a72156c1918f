"""One line of work in a thread of its own: do what is due, then wait for more."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection

from portal.engine.outage import Outage, pause_after

log = structlog.get_logger(__name__)

Turn = Callable[[], float]


class Lane(threading.Thread):
    """Calls `turn` for ever: it does all that is due and returns the seconds until it looks again.

    `wake` ends the waiting early. Nothing a turn raises ends the lane; a database that is
    away is waited for with growing pauses.
    """

    def __init__(self, name: str, turn: Turn, *, stop: threading.Event, outage: Outage) -> None:
        super().__init__(name=name, daemon=True)
        self.turn = turn
        self.stop = stop
        self.outage = outage
        self._woken = threading.Event()

    def wake(self) -> None:
        self._woken.set()

    def run(self) -> None:
        failures = 0
        while not self.stop.is_set():
            self._woken.clear()  # before looking: what comes in while looking is seen next time
            notices = self.outage.notices
            try:
                wait = self.turn()
                failures = 0
                self.outage.over(notices=notices)
            except (OperationalError, InterfaceError) as problem:
                failures += 1
                self.outage.noticed(problem)
            except Exception:
                failures += 1
                log.exception("a turn failed", lane=self.name)
            finally:
                connection.close()
            if failures:
                self.stop.wait(pause_after(failures))
            else:
                self._woken.wait(wait)
