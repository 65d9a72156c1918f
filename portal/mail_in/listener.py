"""Listen for SMTP and LMTP, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import stat
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from portal.environment import refuse
from portal.mail_in.conversation import Lmtp, Smtp
from portal.mail_in.door import Door

BACKLOG: Final = 200
LOOK_SECONDS: Final = 0.2

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, as written in VIGIL_MAIL_LISTEN; `path` is that of a Unix socket."""

    text: str
    is_lmtp: bool
    host: str = ""
    port: int = 0
    path: str = ""

    def bind(self) -> socket.socket:
        """A socket that listens; OSError where that is impossible."""
        if not self.path:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            return socket.create_server((self.host, self.port), family=family, backlog=BACKLOG)
        path = Path(self.path)
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
            path.unlink()  # of a process that was killed
        made = socket.socket(socket.AF_UNIX)
        made.bind(self.path)
        os.chmod(self.path, 0o660)  # whoever is in our group may deliver
        made.listen(BACKLOG)
        return made


def place(text: str) -> Place:
    """Read one address of VIGIL_MAIL_LISTEN; ends the process when it is none."""
    try:
        parts = urlsplit(text if "://" in text else f"smtp://{text}")
        if parts.scheme == "lmtp" and not parts.netloc and parts.path:
            return Place(text, is_lmtp=True, path=parts.path)
        if parts.scheme in ("smtp", "lmtp") and parts.hostname and parts.port is not None:
            is_lmtp = parts.scheme == "lmtp"
            return Place(text, is_lmtp=is_lmtp, host=parts.hostname, port=parts.port)
    except ValueError:
        pass
    refuse(f"VIGIL_MAIL_LISTEN: {text!r} is no host:port, lmtp://host:port or lmtp:///path.")


def certificate(chain: str, key: str) -> ssl.SSLContext | None:
    """For STARTTLS; None without a certificate, and the end of the process with a bad one."""
    if not chain:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(chain, key or None)
    except OSError as problem:
        refuse(f"VIGIL_MAIL_CERTIFICATE cannot be read: {problem}.")
    return context


class Listener(threading.Thread):
    """Serves the sockets given until `stop` is set; then waits for nobody: senders try again."""

    def __init__(
        self,
        door: Door,
        sockets: list[tuple[Place, socket.socket]],
        *,
        stop: threading.Event,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(name="listens for mail", daemon=True)
        self.door = door
        self.sockets = sockets
        self.stop = stop
        self.tls = tls

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        servers = []
        for where, sock in self.sockets:
            made = self._server(loop, where, sock)
            servers.append(await made)
            log.info("mail is taken in", at=where.text)
        while not self.stop.is_set():
            await asyncio.sleep(LOOK_SECONDS)
        for server in servers:
            server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()

    def _server(self, loop: asyncio.AbstractEventLoop, where: Place, sock: socket.socket) -> Any:
        kind = Lmtp if where.is_lmtp else Smtp

        def conversation() -> Smtp:
            return kind(self.door, loop=loop, tls_context=self.tls, hostname=socket.gethostname())

        if where.path:
            return loop.create_unix_server(conversation, sock=sock)
        return loop.create_server(conversation, sock=sock)
