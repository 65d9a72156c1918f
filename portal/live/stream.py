"""One open stream: what it has yet to say, kept small however slowly it is read."""

from __future__ import annotations

import asyncio

from portal.live import messages
from portal.live.listener import Listener

MOST_PENDING = 50  # different tickets; beyond that "everything" is shorter
GRACE_SECONDS = 1.0  # for the last words, to a browser that does not read


class Stream:
    """Hints wait here, one for each ticket, until the connection takes them.

    Hints about one ticket fold into one, so a slow reader holds a bounded amount of memory and
    still misses nothing.
    """

    def __init__(self, session_key: str, listener: Listener) -> None:
        self.session_key = session_key
        self.listener = listener
        self.ended = False
        self._pending: dict[int | None, int | None] = {}
        self._typing: dict[tuple[int, bool], int] = {}  # who typed last, by ticket and audience
        self._place = 0  # the highest event id the browser was told to go on from
        self._extra = messages.RETRY
        self._wake = asyncio.Event()
        self._wake.set()
        self._sender = asyncio.current_task()

    def resume_from(self, event: int) -> None:
        """The browser has seen this event: its place never moves back before it."""
        self._place = max(self._place, event)

    def tell(self, ticket: int | None, event: int | None) -> None:
        """Say that a ticket changed; without a ticket, that everything may have."""
        if self.ended:
            return
        if ticket is None or None in self._pending or len(self._pending) >= MOST_PENDING:
            known = [one for one in (*self._pending.values(), event) if one is not None]
            self._pending = {None: max(known, default=None)}
        else:
            self._pending[ticket] = max(event or 0, self._pending.get(ticket) or 0) or None
        self._wake.set()

    def tell_typing(self, ticket: int, person: int, *, staff_only: bool = False) -> None:
        """Say that somebody types; to a slow reader only who did last, and not in every ticket."""
        if self.ended or len(self._typing) >= MOST_PENDING:
            return
        self._typing[ticket, staff_only] = person
        self._wake.set()

    def keep_alive(self) -> None:
        """Send a comment, unless the last one is still waiting to be read."""
        if self.ended:
            return
        self._extra = messages.KEEP_ALIVE
        self._wake.set()

    def end(self, *, farewell: bool = False) -> None:
        """Send nothing more; with `farewell` tell the browser not to come back.

        A browser that does not read is cut off after a moment.
        """
        if self.ended:
            return
        self.ended = True
        self._pending.clear()
        self._typing.clear()
        self._extra = messages.BYE if farewell else b""
        self._wake.set()
        if self._sender is not None:
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._sender.cancel)

    async def next(self) -> bytes:
        """Wait for what is to be sent; empty when the stream has ended and all is said."""
        while not (self._extra or self._pending or self._typing or self.ended):
            self._wake.clear()
            await self._wake.wait()
        chunk, self._extra = self._extra, b""
        pending, self._pending = self._pending, {}
        for ticket, event in sorted(pending.items(), key=lambda item: item[1] or 0):
            resume = event is not None and event > self._place
            chunk += messages.change(ticket, event, resume=resume)
            self._place = max(self._place, event or 0)
        typing, self._typing = self._typing, {}
        for (number, staff_only), person in typing.items():
            chunk += messages.typing(number, person, staff_only=staff_only)
        return chunk
