"""Keep files people attach: private, harmless to open by accident, bounded.

A file is kept as a draft of its uploader first and claimed by an entry when that is written,
so that a form sent back with an error loses nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import re
import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts import access, agenda, rows
from accounts.viewer import Viewer
from tickets.models import Attachment, Entry
from tickets.models.ticket import Channel

MAX_BYTES: Final = 25_000_000
MAX_FILES: Final = 10
MAX_FILES_OF_MAIL: Final = 100  # a mail cannot be sent back for attaching too many
NAME_BYTES: Final = 120
DRAFT_LIVES: Final = dt.timedelta(hours=24)

_MARKS = frozenset('\\/:*?<>|"')
# Controls, invisible and reordering marks (RLO, LRI …), halves of characters, line separators.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Windows opens a device and no file by these names, whatever the ending.
_DEVICES = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)", re.IGNORECASE
)


def safe_name(name: str) -> str:
    """A file name that is only a name: no folders, no controls, at most 120 bytes of UTF-8."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(char for char in base if _is_safe(char)).strip(" .")
    if _DEVICES.match(base):
        base = f"_{base}"
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 12:
        stem, ending = base, ""
    room = NAME_BYTES - len(ending.encode()) - len(dot)
    stem = stem.encode()[:room].decode(errors="ignore").strip()
    joined = f"{stem}.{ending}" if ending else stem
    return joined.strip(" .") or _("file")


def _is_safe(char: str) -> bool:
    return char not in _MARKS and unicodedata.category(char) not in _UNSAFE_CATEGORIES


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the storage, which no row names yet; `size` in bytes."""

    name: str
    content_type: str
    size: int
    sha256: str
    key: str


def store(upload: UploadedFile[bytes]) -> Stored:
    """Check an upload and put it away; `ValidationError` when it is empty or over 25 MB."""
    name = safe_name(upload.name or "")
    size = upload.size or 0
    if size == 0:
        raise ValidationError({"files": _("“%(name)s” is empty.") % {"name": name}})
    if size > MAX_BYTES:
        sentence = _("“%(name)s” is larger than %(limit)d MB.")
        values = {"name": name, "limit": MAX_BYTES // 1_000_000}
        raise ValidationError({"files": ValidationError(sentence % values, code="too_large")})
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return Stored(
        name=name,
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=size,
        sha256=digest.hexdigest(),
        key=default_storage.save(f"{secrets.token_hex(1)}/{secrets.token_hex(24)}", upload),
    )


def keep(
    *, by: Viewer, organization_id: int, upload: UploadedFile[bytes], now: dt.datetime
) -> Attachment:
    """Store a draft of `by`; `ValidationError` when it is empty or over 25 MB.

    A draft that no message claims within a day is removed.
    """
    access.require(by, "ticket.reply", organization_id)
    if by.user is None:
        raise ValueError("Only a person attaches files.")
    stored = store(upload)
    draft = Attachment.objects.create(
        organization_id=organization_id,
        uploader=by.user,
        name=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        internal=by.is_staff,  # until it is sent: what staff prepare, no customer sees
        sha256=stored.sha256,
        storage_key=stored.key,
        at=now,
    )
    agenda.schedule(
        kind="draft.expire",
        key=f"draft:{draft.pk}",
        due_at=now + DRAFT_LIVES,
        subject=f"attachment/{draft.pk}",
        organization_id=organization_id,
        attachment=str(draft.pk),
    )
    return draft


def remove_later(storage_key: str, *, organization_id: int | None, now: dt.datetime) -> None:
    """Remove a file whose row is deleted here, in a transaction of its own.

    A row without its file would be worse than the reverse.
    """
    agenda.schedule(
        kind="file.remove",
        key=f"remove:{storage_key}",
        due_at=now,
        subject="files",
        organization_id=organization_id,
        file=storage_key,
    )


def claim(ids: Sequence[uuid.UUID], *, by: Viewer, entry: Entry) -> None:
    """Tie drafts to an entry: only the writer's own, of the same organization, unclaimed."""
    if not ids:
        return
    wanted = set(ids)
    limit = MAX_FILES_OF_MAIL if entry.channel == Channel.EMAIL else MAX_FILES
    if len(wanted) > limit:
        raise ValidationError({"files": _("At most %(limit)d files at a time.") % {"limit": limit}})
    rows.write_gathered()  # the entry among them, which the statement names
    claimed = Attachment.objects.filter(
        pk__in=wanted, organization_id=entry.organization_id, uploader=by.user, entry=None
    ).update(entry=entry, ticket=entry.ticket_id, internal=entry.is_note)
    if claimed != len(wanted):
        raise ValidationError({"files": _("An attached file is gone. Attach it again.")})


def add(*, entry: Entry, name: str, content: bytes, now: dt.datetime) -> Attachment:
    """Attach what a machine fetched for an entry that is there already, as its author's."""
    key = default_storage.save(
        f"{secrets.token_hex(1)}/{secrets.token_hex(24)}", ContentFile(content)
    )
    name = safe_name(name)
    return Attachment.objects.create(
        organization_id=entry.organization_id,
        ticket_id=entry.ticket_id,
        entry=entry,
        uploader_id=entry.author_id,
        name=name,
        content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
        size=len(content),
        internal=entry.is_note,
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=key,
        at=now,
    )
