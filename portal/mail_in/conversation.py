"""One conversation of the listener: aiosmtpd's protocol, bounded in time and memory, and LMTP.

aiosmtpd keeps each line of a mail as an object of its own, which costs a gigabyte for thirty
megabytes of empty lines, refuses lines longer than a thousand bytes, which real mail has, and
answers LMTP's DATA once, not once for each recipient. So receiving the mail itself is ours.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from aiosmtpd.smtp import SMTP, syntax

if TYPE_CHECKING:
    from portal.mail_in.door import Door

PIECE_BYTES: Final = 64 * 1024  # the longest line that is read in one piece
IDLE_SECONDS: Final = 120.0  # for the next command
DATA_SECONDS: Final = 300.0  # for a whole mail
LONGEST_SECONDS: Final = 1800.0  # for all of a connection
COMMANDS: Final = {"*": 200, "MAIL": 1000, "RCPT": 20_000, "DATA": 1000, "RSET": 1000}

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
        if not self.door.enter(self):
            self._is_refused = True
            if isinstance(transport, asyncio.WriteTransport):
                transport.write(FULL)
            transport.close()
            return
        if self._ending is None:  # after STARTTLS this is called again
            self._ending = self.loop.call_later(LONGEST_SECONDS, self._timeout_cb)
        super().connection_made(transport)

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
        refusal, starts_line, received = "", True, 0
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as long:  # a long line comes in several pieces
                piece = await self._reader.read(long.consumed)
            received += len(piece)
            if starts_line and piece.startswith(b"."):
                if piece == b".\r\n":
                    return refusal
                piece = piece[1:]
            starts_line = piece.endswith(b"\r\n")
            if refusal:
                if received > 4 * self.door.limit and self.transport is not None:
                    self.transport.close()  # it does not stop
                continue
            if len(content) + len(piece) > self.door.limit:
                refusal = TOO_LARGE
            elif not self.door.pick_up(len(piece)):
                refusal = BUSY
            else:
                content += piece
                continue
            self.door.put_down(len(content))
            content.clear()


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
