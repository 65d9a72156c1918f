"""What the listener decides: who may come in, for whom mail is taken, and when to say "kept"."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import structlog
from aiosmtpd.smtp import Envelope, Session
from django.db import InterfaceError, OperationalError, connection

from portal.engine.outage import Outage
from tickets.intake import mailboxes
from tickets.intake.store import MOST_RECIPIENTS, Stored, store

CONNECTIONS: Final = 100
MAILS_IN_HAND: Final = 8  # of the largest size, at once; bounds the memory
WRITERS: Final = 4

NOBODY: Final = "550 5.1.1 No such address here"
TOO_MANY: Final = "452 4.5.3 Too many recipients"
LATER: Final = "451 4.3.0 It could not be kept; try again later"

log = structlog.get_logger(__name__)


class Door:
    """Shared by all conversations of one process; everything but `_keep` runs in one loop."""

    def __init__(self, *, limit: int, outage: Outage) -> None:
        """`limit` is the largest mail, in bytes."""
        self.limit = limit
        self.outage = outage
        self.writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="keeps mail")
        self._inside: set[object] = set()
        self._in_hand = 0

    def enter(self, conversation: object) -> bool:
        """Whether there is room for one more connection."""
        if conversation not in self._inside and len(self._inside) >= CONNECTIONS:
            return False
        self._inside.add(conversation)
        return True

    def leave(self, conversation: object) -> None:
        self._inside.discard(conversation)

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
        """Only what is committed is confirmed; all else is to be sent again."""
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
            kept = await asyncio.get_running_loop().run_in_executor(self.writers, keep)
        except Exception as problem:
            if isinstance(problem, OperationalError | InterfaceError):
                self.outage.noticed(problem)
            else:
                log.exception("a mail could not be kept")
            return LATER
        return f"250 2.0.0 Kept as {kept.pk}"

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


def _written(text: str | None) -> str:
    """As JSON can hold it, and PostgreSQL."""
    return (text or "").encode(errors="replace").decode().replace("\x00", "")[:300]
