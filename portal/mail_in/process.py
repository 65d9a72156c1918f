"""All threads of one mail process, started together and ended together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from portal import process_beats
from portal.engine.lane import Lane
from portal.engine.listener import Listener as Wake
from portal.engine.outage import Outage
from portal.mail_in import understanding
from portal.mail_in.imap import Poller
from portal.mail_in.listener import Listener

NAME: Final = "mail"
TABLE: Final = "tickets_inbound"
BEAT_SECONDS: Final = 5.0
UNDERSTANDING: Final = 2  # lanes for all mails: one that waits does not hold up the rest
GRACE_SECONDS: Final = 8.0

log = structlog.get_logger(__name__)


class MailProcess:
    """Run with `run`; it returns some seconds after `stop` is set."""

    def __init__(
        self,
        stop: threading.Event,
        outage: Outage,
        *,
        listener: Listener | None,
        pollers: list[Poller],
    ) -> None:
        self.stop = stop
        self.outage = outage
        self.listener = listener
        self.pollers = pollers
        self.understanding = [
            self._lane(f"understands {number}", self._understand)
            for number in range(1, UNDERSTANDING + 1)
        ]
        self.understanding.append(self._lane("understands urgent", self._understand_urgent))
        self.beat = self._lane("beat", self._beat)

    def run(self) -> None:
        """Work until told to stop; then finish what is in hand."""
        Wake(self._wake, stop=self.stop, outage=self.outage).start()
        lanes = [*self.understanding, self.beat]
        for thread in (*lanes, *self.pollers, *([self.listener] if self.listener else [])):
            thread.start()
        log.info("mail started", mailboxes=len(self.pollers))
        self.stop.wait()
        self._wake(None)
        end = time.monotonic() + GRACE_SECONDS
        for lane in lanes:
            lane.wake()
            lane.join(max(0.0, end - time.monotonic()))
        connection.close()
        log.info("mail ended")

    def _lane(self, name: str, turn: Callable[[], float]) -> Lane:
        return Lane(name, turn, stop=self.stop, outage=self.outage)

    def _wake(self, table: str | None) -> None:
        if table in (None, TABLE):
            for lane in self.understanding:
                lane.wake()

    def _understand(self) -> float:
        while not self.stop.is_set() and understanding.handle_some():
            pass
        return understanding.LOOK_AGAIN_SECONDS

    def _understand_urgent(self) -> float:
        """In a lane of its own: a flood of other mail keeps no urgent one waiting."""
        while not self.stop.is_set() and understanding.handle_some(urgent_only=True):
            pass
        return understanding.LOOK_AGAIN_SECONDS

    def _beat(self) -> float:
        troubles = [poller.mailbox.name for poller in self.pollers if poller.is_failing]
        with acting_as(DatabaseRole.ENGINE):
            process_beats.write(NAME, troubles)
        return BEAT_SECONDS
