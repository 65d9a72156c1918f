"""Fetch mail from IMAP mailboxes: stored first, marked as seen only then.

If anything dies between the two, the mail is fetched again and found to be there already: it is
the same bytes for the same recipients. A mailbox has a thread of its own, which starts over with
a new connection after any failure, so one that hangs holds up no other.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import threading
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog
from django.db import connection
from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessageFlags

from portal.engine.outage import pause_after
from portal.environment import refuse
from portal.startup_checks import first_line
from tickets.intake import mailboxes
from tickets.intake.store import MOST_RECIPIENTS, store

TIMEOUT_SECONDS: Final = 30.0
AT_A_LOOK: Final = 200  # mails; the next look follows at once while there are more
RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_HEAD_LIMIT: Final = 256 * 1024  # bytes of a mail that are searched for its recipients
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")

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


def fetch(box: BaseMailBox, source: str, *, limit: int) -> int:
    """Store what is unseen and mark it; returns how many were looked at, at most `AT_A_LOOK`.

    Of one larger than `limit` bytes only the head is stored, which the quarantine shows; the
    mail itself stays in the mailbox.
    """
    status, found = box.client.uid("SEARCH", "UNSEEN")
    if status != "OK":
        raise imaplib.IMAP4.error(f"SEARCH: {status}")
    uids = (found[0] or b"").decode().split()[:AT_A_LOOK]
    for uid in uids:
        size = _size(box, uid)
        envelope: dict[str, Any] = {"uid": uid}
        if size > limit:
            envelope["too_large"] = size
        raw = _fetched(box, uid, "BODY.PEEK[HEADER]" if size > limit else "BODY.PEEK[]")
        if raw is not None:
            store(raw, recipients=recipients_of(raw), source=source, envelope=envelope)
        box.flag([uid], [MailMessageFlags.SEEN], True)
    return len(uids)


def _size(box: BaseMailBox, uid: str) -> int:
    """In bytes; 0 when the mail has gone meanwhile."""
    status, data = box.client.uid("FETCH", uid, "(RFC822.SIZE)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {status}")
    pieces = (piece for piece in data if isinstance(piece, bytes))
    sizes = (_SIZE.search(piece) for piece in pieces)
    return next((int(size[1]) for size in sizes if size), 0)


def _fetched(box: BaseMailBox, uid: str, what: str) -> bytes | None:
    """That part of the mail as it is, without marking it; None when it has gone meanwhile."""
    status, data = box.client.uid("FETCH", uid, f"({what})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {status}")
    literals = (piece[1] for piece in data if isinstance(piece, tuple))
    return next((literal for literal in literals if isinstance(literal, bytes)), None)


def recipients_of(raw: bytes) -> list[str]:
    """The addresses of ours in its head: a mailbox does not say for whom a mail came."""
    head = raw[:_HEAD_LIMIT]
    end = _HEAD_END.search(head)
    fields = BytesHeaderParser(policy=compat32).parsebytes(head[: end.end()] if end else head)
    values = [str(value)[:20_000] for name in RECIPIENTS for value in fields.get_all(name, [])]
    found = (address.strip().lower() for _name, address in getaddresses(values))
    return list(dict.fromkeys(one for one in found if mailboxes.is_ours(one)))[:MOST_RECIPIENTS]


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
                    box.client.noop()  # makes some servers tell of new mail
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
