"""One conversation of the listener: aiosmtpd's protocol, bounded in time and memory, and LMTP.

aiosmtpd reads and keeps each line of a mail by itself, which costs a gigabyte and most of a minute
for thirty megabytes of empty lines, refuses lines longer than a thousand bytes, which real mail
has, and answers LMTP's DATA once, not once for each recipient. So receiving the mail is ours.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from aiosmtpd.smtp import SMTP, syntax

if TYPE_CHECKING:
    from portal.mail_in.door import Door

PIECE_BYTES: Final = 64 * 1024  # of a mail, read at once
IDLE_SECONDS: Final = 120.0  # for the next command
DATA_SECONDS: Final = 300.0  # for a whole mail
LONGEST_SECONDS: Final = 1800.0  # for all of a connection
COMMANDS: Final = {"*": 200, "MAIL": 1000, "RCPT": 20_000, "DATA": 1000, "RSET": 1000}

END: Final = (
    b"\r\n.\r\n"  # and nothing that only resembles it: what servers disagree on is smuggled
)

FULL: Final = b"421 4.3.2 Too many connections; try again later\r\n"
TOO_LARGE: Final = "552 5.3.4 The mail is too large"
BUSY: Final = "452 4.3.1 Too much mail at once; try again later"


class Smtp(SMTP):
    """Speaks SMTP with one client for a `Door`."""

    command_size_limit = 2048  # reply addresses are long, and so are parameters
    line_length_limit = PIECE_BYTES
    is_lmtp = False

    def __init__(self, door: Door, **settings: Any) -> None:
        super().__init__(
            door,
            data_size_limit=door.limit,
            enable_SMTPUTF8=True,
            timeout=IDLE_SECONDS,
            command_call_limit=COMMANDS,
            ident="Vigil",
            auth_exclude_mechanism=("LOGIN", "PLAIN"),  # nobody logs in here
            **settings,
        )
        self.door = door
        self._is_refused = False
        self._ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self.door.enter(self, self._address(transport)):
            self._is_refused = True
            if isinstance(transport, asyncio.WriteTransport):
                transport.write(FULL)
            transport.close()
            return
        if self._ending is None:  # after STARTTLS this is called again
            self._ending = self.loop.call_later(LONGEST_SECONDS, self._timeout_cb)
        super().connection_made(transport)

    def _address(self, transport: asyncio.BaseTransport) -> str | None:
        """The client's; None for our own mail server, which speaks for the world."""
        peer = transport.get_extra_info("peername")
        return str(peer[0]) if isinstance(peer, tuple) and not self.is_lmtp else None

    def connection_lost(self, error: Exception | None) -> None:
        self.door.leave(self)
        if self._ending is not None:
            self._ending.cancel()
        if not self._is_refused:
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return None if self._is_refused else super().eof_received()

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  named by the base class
        if await self.check_helo_needed():
            return
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        self._reset_timeout(DATA_SECONDS)
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        content = bytearray()
        try:
            refusal = await self._receive(content)
            if refusal:
                status = refusal
            else:
                envelope.content = envelope.original_content = bytes(content)
                status = await self.door.handle_DATA(self, self.session, envelope)
        finally:
            self.door.put_down(len(content))
        recipients = len(envelope.rcpt_tos) if self.is_lmtp else 1
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        for _recipient in range(recipients):  # LMTP answers for each (RFC 2033, 4.2)
            await self.push(status)

    async def _receive(self, content: bytearray) -> str:
        """Read a mail into `content`; returns why it is refused, if it is, once it has ended."""
        refusal, received, has_ended = "", 0, False
        waiting = bytearray(END[:2])  # as if behind a line; what follows may belong to its end
        skipped = 2
        while not has_ended:
            piece = await self._reader.read(PIECE_BYTES)
            if not piece:
                raise asyncio.IncompleteReadError(b"", None)
            received += len(piece)
            waiting += piece
            block, has_ended = self._taken(waiting)
            if block:
                block, skipped = block.replace(b"\r\n.", b"\r\n")[skipped:], 0
            if refusal:
                if received > 4 * self.door.limit and self.transport is not None:
                    self.transport.close()  # it does not stop
                continue
            if len(content) + len(block) > self.door.limit:
                refusal = TOO_LARGE
            elif not self.door.pick_up(len(block)):
                refusal = BUSY
            else:
                content += block
                continue
            self.door.put_down(len(content))
            content.clear()
        return refusal

    def _taken(self, waiting: bytearray) -> tuple[bytes, bool]:
        """Take from what waits all that surely is the mail's; and whether the mail ends there."""
        end = waiting.find(END)
        if end >= 0:
            block, beyond = bytes(waiting[: end + 2]), waiting[end + len(END) :]
            self._reader._buffer[:0] = beyond  # type: ignore[attr-defined]  # the next commands
            return block, True
        cut = waiting.find(b"\r", max(0, len(waiting) - len(END) + 1))
        block = bytes(waiting if cut < 0 else waiting[:cut])
        del waiting[: len(block)]
        return block, False


class Lmtp(Smtp):
    """The same for a mail server that hands over mail for us to keep (RFC 2033)."""

    is_lmtp = True

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802  named as the command
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 Say LHLO")

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 Say LHLO")
