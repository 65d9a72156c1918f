"""Wake the lanes when a row comes in, over one connection that listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

import psycopg
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from portal.engine.outage import Outage, pause_after

CHANNEL: Final = "vigil_engine"
LOOK_SECONDS: Final = 1.0  # how long stopping may go unnoticed
# A peer that vanished without a word is noticed after some 25 seconds.
KEEPALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Listener(threading.Thread):
    """Calls `wake` with the name of the table that has a new row.

    It only makes the engine quicker: while it has no connection the lanes still look each
    second. After each (re)connection everybody is woken once, for what came in meanwhile.
    """

    def __init__(
        self, wake: Callable[[str | None], None], *, stop: threading.Event, outage: Outage
    ) -> None:
        super().__init__(name="listener", daemon=True)
        self.wake = wake
        self.stop = stop
        self.outage = outage
        self.failures = 0

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._listen()
            except psycopg.Error as problem:
                self.failures += 1
                self.outage.noticed(problem)
                self.stop.wait(pause_after(self.failures))

    def _listen(self) -> None:
        with psycopg.connect(**_login(), autocommit=True) as connection:
            connection.execute(f"listen {CHANNEL}")
            self.failures = 0
            self.wake(None)
            while not self.stop.is_set():
                for notice in connection.notifies(timeout=LOOK_SECONDS):
                    self.wake(notice.payload)
                    if self.stop.is_set():
                        return


def _login() -> dict[str, Any]:
    """The default database's login, without what is Django's alone."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    login = {name: settings[key] for key, name in names.items() if settings[key]}
    return KEEPALIVE | options | login
