"""Look into IMAP mailboxes again and again.

A mailbox has a thread of its own, which starts over with a new connection after any failure, so
one that hangs holds up no other.
"""

from __future__ import annotations

import imaplib
import ssl
import threading
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from django.db import connection
from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted

from portal.engine.outage import pause_after
from portal.environment import refuse
from portal.mail_in.fetching import AT_A_LOOK, fetch
from portal.startup_checks import first_line

TIMEOUT_SECONDS: Final = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`imaps://user:password@host:993/folder`, or `imap://` without TLS."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_encrypted: bool

    @property
    def name(self) -> str:
        """For logs and pages: without the password."""
        return f"imap {self.user}@{self.host}/{self.folder}"[:200]


def mailbox(url: str, number: int) -> Mailbox:
    """Read one address of VIGIL_IMAP_URLS; ends the process when it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        refuse(f"VIGIL_IMAP_URLS: address {number} is no imaps://user:password@host/folder.")
    return Mailbox(
        host=parts.hostname,
        port=port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=parts.scheme == "imaps",
    )


class Poller(threading.Thread):
    """Looks into one mailbox every so many seconds, over one connection as long as it lasts."""

    def __init__(
        self, mailbox: Mailbox, *, every: float, limit: int, stop: threading.Event
    ) -> None:
        super().__init__(name=mailbox.name, daemon=True)
        self.mailbox = mailbox
        self.every = every
        self.limit = limit
        self.stop = stop
        self.failures = 0

    @property
    def is_failing(self) -> bool:
        """Whether several tries in a row came to nothing."""
        return self.failures >= 3

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._look_until_stopped()
            except Exception as problem:  # whatever it is: the server, the network, the database
                self.failures += 1
                if self.failures in (1, 3):
                    log.error("a mailbox is away; trying until it is back",
                              mailbox=self.mailbox.name, why=self._why(problem))  # fmt: skip
                self.stop.wait(min(pause_after(self.failures) * 2, 60.0))
            finally:
                connection.close()

    def _look_until_stopped(self) -> None:
        box = self._connected()
        try:
            box.login(self.mailbox.user, self.mailbox.password, self.mailbox.folder)
            while not self.stop.is_set():
                looked_at = fetch(box, self.mailbox.name, limit=self.limit)
                connection.close()  # back to the pool until the next look
                if self.failures:
                    log.info("the mailbox is back", mailbox=self.mailbox.name)
                self.failures = 0
                if looked_at < AT_A_LOOK:
                    self.stop.wait(self.every)
        finally:
            _hang_up(box)

    def _connected(self) -> BaseMailBox:
        where = {"host": self.mailbox.host, "port": self.mailbox.port, "timeout": TIMEOUT_SECONDS}
        if not self.mailbox.is_encrypted:
            return MailBoxUnencrypted(**where)
        return MailBox(**where, ssl_context=ssl.create_default_context())

    def _why(self, problem: Exception) -> str:
        """Never with the password, should a server repeat it."""
        text = f"{type(problem).__name__}: {first_line(problem)}"
        return text.replace(self.mailbox.password, "…") if self.mailbox.password else text


def _hang_up(box: BaseMailBox) -> None:
    try:
        box.client.shutdown()
    except (OSError, imaplib.IMAP4.error):
        pass
