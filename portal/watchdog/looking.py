"""Looks that may hang, each in a thread of its own, so that the watchdog never does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from portal.startup_checks import first_line

T = TypeVar("T")


class Look(threading.Thread, Generic[T]):
    """Calls `look` again and again; `found` is its latest answer, None before the first.

    `succeeded_at` is when it last answered and `answering_since` since when it has done so
    without a failure or a wait longer than `patience` (seconds that never go back; at first the
    start). A look that hangs is seen by its `succeeded_at` growing old.
    """

    def __init__(
        self,
        name: str,
        look: Callable[[], T],
        *,
        every: float,
        patience: float,
        stop: threading.Event,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.look = look
        self.every = every
        self.patience = patience
        self.stop = stop
        self.found: T | None = None
        self.succeeded_at = self.answering_since = time.monotonic()
        self.problem = ""

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                found = self.look()
            except Exception as problem:  # whatever it is, what counts is that there is no answer
                self.problem = f"{type(problem).__name__}: {first_line(problem)}"
            else:
                now = time.monotonic()
                if self.problem or now - self.succeeded_at > self.patience:
                    self.answering_since = now
                self.found, self.succeeded_at, self.problem = found, now, ""
            self.stop.wait(self.every)
