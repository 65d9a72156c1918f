"""A real mail server for drills, which does to mails what it is told."""

from __future__ import annotations

import asyncio
import email
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_ports

FOR_EVER: Final = 3600.0
TROUBLES: Final = ("hang", "hang after mail", "refuse", "refuse mail", "drop after mail")


class MailServer:
    """`trouble` is empty or one of TROUBLES; `arrived` are Message-IDs of whole mails it has.

    What it took and dropped the line over, or never answered, has arrived: the sender cannot
    know. What it refused has not.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.trouble = ""
        self.arrived: list[str] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"

    async def handle_EHLO(  # noqa: N802  named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, said: list[str]
    ) -> list[str]:
        self.connections += 1
        if self.trouble == "hang":
            await asyncio.sleep(FOR_EVER)
        session.host_name = hostname
        return said

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.trouble == "refuse":
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.trouble == "refuse mail":
            return "452 4.3.1 no room"
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.arrived.append(str(email.message_from_bytes(raw)["Message-ID"]))
        if self.trouble == "hang after mail":
            await asyncio.sleep(FOR_EVER)
        if self.trouble == "drop after mail" and server.transport is not None:
            server.transport.abort()
        return "250 taken"


@contextmanager
def mail_servers(count: int) -> Iterator[list[MailServer]]:
    """Yield that many, each on a port of 127.0.0.1."""
    servers = [MailServer(port) for port in free_ports(count)]
    controllers = [Controller(one, hostname="127.0.0.1", port=one.port) for one in servers]
    for controller in controllers:
        controller.start()
    try:
        yield servers
    finally:
        for controller in controllers:
            controller.stop()
