"""The one connection that hears of every event, kept up for as long as the process lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from django.db import OperationalError

from portal.live import messages
from portal.live.clock import Clock
from portal.live.database import UNREACHABLE, Database
from portal.live.hub import Hub
from portal.live.revocation import Revocation

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 3.0
HINTS: Final = "vigil_chat"

log: BoundLogger = structlog.get_logger(__name__)


class Notifications:
    """Passes each notification on to the hub."""

    def __init__(self, hub: Hub, database: Database, revocation: Revocation, clock: Clock) -> None:
        self.hub = hub
        self.database = database
        self.revocation = revocation
        self.clock = clock
        self._pause = FIRST_PAUSE_SECONDS

    async def run(self) -> None:
        """Listen for ever; after each break, with a growing pause between attempts."""
        while True:
            try:
                await self._listen()
            except (*UNREACHABLE, OperationalError) as problem:
                log.warning("not hearing of events; trying again", problem=str(problem))
            finally:
                self.hub.listening = False
            await self.clock.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)

    async def _listen(self) -> None:
        connection = await self.database.listening()
        async with connection:
            self._pause = FIRST_PAUSE_SECONDS
            self.hub.listening = True
            # What was recorded while nobody listened was told to nobody.
            self.hub.something_was_missed()
            async for notification in connection.notifies():
                if notification.channel == HINTS:
                    self.take(notification.payload)
                else:
                    self.hear(notification.payload)

    def hear(self, payload: str) -> None:
        """Pass one event on. What concerns no ticket may be about access, so look at once."""
        try:
            event = messages.heard(payload)
        except ValueError as problem:
            log.warning("notification ignored", problem=str(problem))
            return
        self.hub.publish(event)
        if event.ticket is None:
            self.revocation.hurry()

    def take(self, payload: str) -> None:
        """Pass a hint on: it is written nowhere, and missing one matters little."""
        try:
            hint = messages.hinted(payload)
        except ValueError as problem:
            log.warning("hint ignored", problem=str(problem))
            return
        self.hub.pass_on(hint)
