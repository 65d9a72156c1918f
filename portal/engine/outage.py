"""The database is away, or is there again: said once, whichever lane noticed."""

from __future__ import annotations

import threading
from typing import Final

import structlog

from portal.startup_checks import first_line

FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Outage:
    """Shared by all lanes of one engine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ongoing = False
        self.notices = 0

    def noticed(self, problem: BaseException) -> None:
        with self._lock:
            if not self._ongoing:
                log.error("the database is away; trying until it is back", why=first_line(problem))
            self._ongoing = True
            self.notices += 1

    def over(self, *, notices: int) -> None:
        """Work that began when there had been that many notices has succeeded.

        A notice since then is of a later moment than that work, and stands.
        """
        if self._ongoing:
            with self._lock:
                if self._ongoing and self.notices == notices:
                    log.info("the database is back")
                    self._ongoing = False


def pause_after(failures: int) -> float:
    """Seconds to wait before the next try: 0.5, 1, 2, 4, 5, 5 …"""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_SECONDS)
