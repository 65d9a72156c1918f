"""Read the outbox's files: the mails as their readers would get them, newest first."""

from __future__ import annotations

import datetime as dt
import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Final

MOST_SHOWN: Final = 100
NAME: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[0-9]{1,10}-[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail of the outbox; `name` is its file's, without the ending."""

    name: str
    mail: EmailMessage

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.strptime(self.name[:22], "%Y%m%d-%H%M%S-%f").replace(tzinfo=dt.UTC)

    @property
    def subject(self) -> str:
        return str(self.mail["Subject"] or "").strip()

    @property
    def sender(self) -> str:
        return str(self.mail["From"] or "")

    @property
    def recipient(self) -> str:
        return str(self.mail["To"] or "")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.mail.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        found = self.mail.get_body((kind,))
        return str(found.get_content()) if found is not None else ""


def latest(folder: Path) -> list[Kept]:
    """At most a hundred."""
    names = sorted((file.stem for file in folder.glob("*.eml")), reverse=True)
    found = [read(folder, name) for name in names[:MOST_SHOWN]]
    return [one for one in found if one is not None]


def read(folder: Path, name: str) -> Kept | None:
    """The mail of that name; None where there is none, or the name could be another file's."""
    if not NAME.fullmatch(name):
        return None
    try:
        raw = (folder / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    parsed = email.message_from_bytes(raw, policy=modern)
    return Kept(name, parsed) if isinstance(parsed, EmailMessage) else None
