"""Take what is unseen out of one IMAP mailbox: stored first, marked as seen only then.

If anything dies between the two, the mail is fetched again and found to be there already: it is
the same bytes for the same recipients. Nothing else is ever changed in a mailbox.
"""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Any, Final

import structlog
from imap_tools import BaseMailBox

from tickets.intake import mailboxes
from tickets.intake.store import MOST_RECIPIENTS, store

AT_A_LOOK: Final = 200  # mails; the next look follows at once while there are more
SEARCHED_AT_ONCE: Final = 50_000  # mails; a UID and its space are eleven bytes at most
RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_HEAD_LIMIT: Final = 256 * 1024  # bytes of a mail that are searched for its recipients
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_NOTHING: Final = re.compile(rb'BODY\[(?:HEADER)?\] (?:""|NIL)', re.IGNORECASE)
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The server answers, and does not do what it was asked to."""


def fetch(box: BaseMailBox, source: str, *, limit: int) -> int:
    """Store what is unseen and mark it; returns how many were looked at, at most `AT_A_LOOK`.

    Of one larger than `limit` bytes only the head is stored, which the quarantine shows; the
    mail itself stays in the mailbox. Raises `Refused` at the end if there are mails that the
    server does not give away; those behind them have been fetched.
    """
    uids = _unseen(box)
    refused = []
    for uid in uids:
        try:
            _take(box, uid, source, limit=limit)
        except Refused as problem:
            log.warning("a mail cannot be fetched", mailbox=source, uid=uid, why=str(problem))
            refused.append(uid)
    if refused:
        raise Refused(f"{len(refused)} mails cannot be fetched, the first is UID {refused[0]}")
    return len(uids)


def recipients_of(raw: bytes) -> list[str]:
    """The addresses of ours in its head: a mailbox does not say for whom a mail came."""
    head = raw[:_HEAD_LIMIT]
    end = _HEAD_END.search(head)
    fields = BytesHeaderParser(policy=compat32).parsebytes(head[: end.end()] if end else head)
    values = [str(value)[:20_000] for name in RECIPIENTS for value in fields.get_all(name, [])]
    found = (address.strip().lower() for _name, address in getaddresses(values))
    return list(dict.fromkeys(one for one in found if mailboxes.is_ours(one)))[:MOST_RECIPIENTS]


def _unseen(box: BaseMailBox) -> list[str]:
    """The UIDs of the first that are unseen, at most `AT_A_LOOK`.

    The folder is opened anew, which tells of new mail and how many there are, and searched piece
    by piece: imaplib takes no line of over a million bytes (20 MB, once imap-tools is loaded), and
    servers name all in one.
    """
    found: list[str] = []
    _status, (count, *_more) = box.folder.set(box.folder.get() or "INBOX")
    for first in range(1, int(count or 0) + 1, SEARCHED_AT_ONCE):
        last = min(first + SEARCHED_AT_ONCE - 1, int(count))
        for line in _asked(box, "SEARCH", f"{first}:{last}", "UNSEEN"):
            found += (line or b"").decode().split()
        if len(found) >= AT_A_LOOK:
            break
    return found[:AT_A_LOOK]


def _take(box: BaseMailBox, uid: str, source: str, *, limit: int) -> None:
    """Store one mail and mark it; nothing, when it has gone meanwhile."""
    size = _size(box, uid)
    envelope: dict[str, Any] = {"uid": uid}
    if size > limit:
        envelope["too_large"] = size
    raw = _fetched(box, uid, "BODY.PEEK[HEADER]" if size > limit else "BODY.PEEK[]")
    if raw is None:
        return
    store(raw, recipients=recipients_of(raw), source=source, envelope=envelope)
    # Not `box.flag`: it expunges too, and with that removes what others marked as deleted.
    _asked(box, "STORE", uid, "+FLAGS.SILENT", r"(\Seen)")


def _size(box: BaseMailBox, uid: str) -> int:
    """In bytes; 0 when the mail has gone meanwhile."""
    pieces = (piece for piece in _asked(box, "FETCH", uid, "(RFC822.SIZE)") if _is_line(piece))
    sizes = (_SIZE.search(piece) for piece in pieces)
    return next((int(size[1]) for size in sizes if size), 0)


def _fetched(box: BaseMailBox, uid: str, what: str) -> bytes | None:
    """That part of the mail as it is, without marking it; None when it has gone meanwhile."""
    data = _asked(box, "FETCH", uid, f"({what})")
    literals = (piece[1] for piece in data if isinstance(piece, tuple))
    found = next((literal for literal in literals if isinstance(literal, bytes)), None)
    lines = [piece for piece in data if _is_line(piece)]
    if found is None and any(_NOTHING.search(line) for line in lines):
        return b""  # an empty mail, as some servers send it
    if found is None and any(b"BODY[" in line for line in lines):
        raise Refused("FETCH: an answer that cannot be read")
    return found


def _is_line(piece: object) -> bool:
    return isinstance(piece, bytes)


def _asked(box: BaseMailBox, command: str, *arguments: str) -> list[Any]:
    """What the server sends back; `Refused` if it says no, imaplib's own errors if it is gone."""
    status, data = box.client.uid(command, *arguments)
    if status != "OK":
        raise Refused(f"{command}: {status}")
    return list(data)
