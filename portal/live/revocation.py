"""Cut off who may no longer listen, within ten seconds, with one look for all streams."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from portal.live.clock import Clock
from portal.live.database import UNREACHABLE, Database
from portal.live.hub import Hub
from portal.live.listener import Listener, listeners

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger

CHECK_SECONDS: Final = 5.0
CHECK_TIMEOUT_SECONDS: Final = 4.0  # so that two looks are never ten seconds apart
# How long streams go on unchecked while the database is away: a minute, the last look included.
KEEP_SECONDS: Final = 60.0 - CHECK_SECONDS - CHECK_TIMEOUT_SECONDS

log: BoundLogger = structlog.get_logger(__name__)


class Revocation:
    """Looks again, and again, whether each listener may still hear what they hear."""

    def __init__(self, hub: Hub, database: Database, clock: Clock) -> None:
        self.hub = hub
        self.database = database
        self.clock = clock
        self.confirmed_at = clock.now()
        self._hurried: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Check for ever, every five seconds."""
        while True:
            await self.clock.sleep(CHECK_SECONDS)
            await self.check()

    def hurry(self) -> None:
        """Check now: something happened that may have taken somebody's access."""
        if self._hurried is None or self._hurried.done():
            self._hurried = asyncio.create_task(self.check())

    async def check(self) -> None:
        """Compare every stream with who its listener is at this moment."""
        streams = list(self.hub.streams)
        try:
            found = await self._look({stream.session_key for stream in streams})
        except UNREACHABLE as problem:
            self._unconfirmed(problem)
            return
        self.confirmed_at = self.clock.now()
        for stream in streams:
            now = found.get(stream.session_key)
            if now is None or not now.may_listen or stream.listener.lost_something(now):
                stream.end(farewell=True)
            else:
                stream.listener = now

    async def _look(self, session_keys: set[str]) -> dict[str, Listener]:
        if not session_keys:
            return {}
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), self.database.reading() as connection:
            return await listeners(connection, session_keys)

    def _unconfirmed(self, problem: BaseException) -> None:
        log.warning("listeners could not be checked", problem=str(problem))
        if self.clock.now() - self.confirmed_at > KEEP_SECONDS:
            self.hub.end_all()
