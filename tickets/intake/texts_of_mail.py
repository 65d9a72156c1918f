"""A mail's subject, text and files as a ticket takes them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from tickets import attachments, texts
from tickets.intake.letter import Letter

FOLDED_LIMIT: Final = 500_000  # characters; the mail itself is kept whole
# What mail programs put before the subject of an answer or of a mail sent on.
_PREFIX: Final = re.compile(
    r"^\s*(?:re|aw|sv|fw|fwd|wg|答复|答覆|回复|回覆|轉寄|转发|轉發)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """`remark` is a key of `reasons.REMARKS`, or ""."""

    subject: str
    body: str
    folded: str
    attachment_ids: tuple[uuid.UUID, ...]
    remark: str


def subject_of(letter: Letter) -> str:
    """In one line, without "Re:" and "转发：", at most as long as a ticket's may be."""
    subject = one_line(letter.mail.subject)
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :]
    if not subject:
        first = next((line for line in letter.new.splitlines() if line.strip()), "")
        subject = one_line(first)[:80]
    return subject[: texts.SUBJECT_LIMIT].strip() or _("(no subject)")


def take(letter: Letter, *, by: Viewer, organization_id: int, now: dt.datetime) -> Taken:
    """Cut to what fits, and keep the files as drafts of the sender. Nothing is lost by it: a text
    that is too long is attached, and the mail itself stays.
    """
    said = (letter.new or letter.mail.text).replace("\x00", "").strip()
    folded = letter.folded if letter.new else ""
    files = [(one.name, one.content) for one in letter.mail.attachments if one.content]
    remark = ""
    if len(said) > texts.BODY_LIMIT:
        files.insert(0, ("mail.txt", said.encode(errors="replace")))
        said = said[: texts.BODY_LIMIT - 2].rstrip() + " …"
        remark = "text-cut"
    kept: list[uuid.UUID] = []
    for number, (name, content) in enumerate(files):
        if len(kept) == attachments.MAX_FILES_OF_MAIL:
            remark = "files-left-out"
            break
        upload = SimpleUploadedFile(name, content)
        upload.name = name  # as the sender wrote it; `keep` makes it safe
        try:
            draft = attachments.keep(
                by=by,
                organization_id=organization_id,
                upload=upload,
                now=now + dt.timedelta(microseconds=number),  # they stay in the mail's order
            )
        except ValidationError:
            remark = "files-left-out"
            continue
        kept.append(draft.pk)
    return Taken(
        subject=subject_of(letter),
        body=said or (_("(only files)") if kept else _("(no text)")),
        folded=folded.replace("\x00", "")[:FOLDED_LIMIT],
        attachment_ids=tuple(kept),
        remark=remark,
    )


def one_line(text: str) -> str:
    """Without controls and line ends."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
