"""What the listener decides: who may come in, for whom mail is taken, and when to say "kept"."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import structlog
from aiosmtpd.smtp import Envelope, Session
from django.db import InterfaceError, OperationalError, connection

from portal.engine.outage import Outage
from tickets.intake import mailboxes
from tickets.intake.store import MOST_RECIPIENTS, Stored, store

CONNECTIONS: Final = 100
PER_ADDRESS: Final = 10  # of them
STORING_SECONDS: Final = 30.0  # until the sender is told to try again
MAILS_IN_HAND: Final = 8  # of the largest size, at once; bounds the memory
WRITERS: Final = 4

NOBODY: Final = "550 5.1.1 No such address here"
TOO_MANY: Final = "452 4.5.3 Too many recipients"
LATER: Final = "451 4.3.0 It could not be kept; try again later"

log = structlog.get_logger(__name__)


class Door:
    """Shared by all conversations of one process; everything but `_keep` runs in one loop."""

    def __init__(
        self,
        *,
        limit: int,
        outage: Outage,
        per_address: int = PER_ADDRESS,
        storing_seconds: float = STORING_SECONDS,
    ) -> None:
        """`limit` is the largest mail, in bytes."""
        self.limit = limit
        self.outage = outage
        self.per_address = per_address
        self.storing_seconds = storing_seconds
        self.writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="keeps mail")
        self._free_writers = asyncio.Semaphore(WRITERS)
        self._inside: dict[object, str] = {}
        self._in_hand = 0

    def enter(self, conversation: object, address: str | None) -> bool:
        """Whether there is room for one more connection.

        No client may have all of it; `address` is None for who is not counted as one.
        """
        if conversation in self._inside:
            return True
        client = _client(address) if address else ""
        its_own = sum(one == client for one in self._inside.values())
        if len(self._inside) >= CONNECTIONS or (client and its_own >= self.per_address):
            return False
        self._inside[conversation] = client
        return True

    def leave(self, conversation: object) -> None:
        self._inside.pop(conversation, None)

    def pick_up(self, size: int) -> bool:
        """Whether that many more bytes may be held in memory."""
        if self._in_hand + size > MAILS_IN_HAND * self.limit:
            return False
        self._in_hand += size
        return True

    def put_down(self, size: int) -> None:
        self._in_hand -= size

    async def handle_RCPT(  # noqa: N802  named by aiosmtpd
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not mailboxes.is_served(address):
            return NOBODY
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        """Only what is committed is confirmed; all else is to be sent again.

        A database that hangs may still keep the mail later: sent again, it is the same row.
        """
        peer = session.peer[0] if isinstance(session.peer, tuple) else "local"
        keep = functools.partial(
            self._keep,
            envelope.original_content or b"",
            recipients=list(envelope.rcpt_tos),
            source="lmtp" if server.is_lmtp else "smtp",
            envelope={
                "from": _written(envelope.mail_from),
                "peer": str(peer),
                "helo": _written(session.host_name),
            },
        )
        try:
            async with asyncio.timeout(self.storing_seconds):
                kept = await self._written_by_one(keep)
        except Exception as problem:
            if isinstance(problem, OperationalError | InterfaceError | TimeoutError):
                self.outage.noticed(problem)
            else:
                log.exception("a mail could not be kept")
            return LATER
        return f"250 2.0.0 Kept as {kept.pk}"

    async def _written_by_one(self, keep: Callable[[], Stored]) -> Stored:
        """By a writer, once one is free: what waits for one is let go of when its time is over."""
        await self._free_writers.acquire()
        writing = asyncio.get_running_loop().run_in_executor(self.writers, keep)
        writing.add_done_callback(self._wrote)
        return await asyncio.shield(writing)

    def _wrote(self, writing: asyncio.Future[Stored]) -> None:
        self._free_writers.release()
        if not writing.cancelled():
            writing.exception()  # nobody may wait for it any more

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours never makes a sender give up."""
        log.error("a conversation failed", exc_info=error)
        return LATER

    def _keep(self, raw: bytes, **what: Any) -> Stored:
        """In a writer's thread. Once more when the connection was stale: nothing is kept twice."""
        try:
            try:
                return store(raw, **what)
            except (OperationalError, InterfaceError):
                connection.close()
                return store(raw, **what)
        finally:
            connection.close()


def _client(address: str) -> str:
    """What counts as one: an address, or the network of IPv6 that a client has for itself."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped:
        return str(getattr(found, "ipv4_mapped", None) or found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _written(text: str | None) -> str:
    """As JSON can hold it, and PostgreSQL."""
    return (text or "").encode(errors="replace").decode().replace("\x00", "")[:300]
