"""Which parts of a mail are its text, which are files, and which are kept as what they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tickets.intake.mail.charsets import Report
from tickets.intake.mail.contents import (
    MOST_TEXT,
    content_of,
    file_name,
    made_up_name,
    text_content,
)
from tickets.intake.mail.fields import clean
from tickets.intake.mail.parsed import Attachment, KeptPart, Problem
from tickets.intake.mail.structure import Part

KEPT: Final = {
    "text/calendar",
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
}
_FILES_TOO: Final = {"text/calendar", "message/rfc822", "message/global"}
_TEXTS: Final = {"text/plain", "text/html", "text/enriched", "text"}
_MOST_ATTACHMENTS: Final = 300


@dataclass(slots=True)
class Contents:
    """What was found in a mail, in its order."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    kept: list[KeptPart] = field(default_factory=list)
    charset: str = ""  # the first one declared; raw bytes in header fields are mostly in it

    @property
    def text(self) -> str:
        return "\n".join(one.strip("\n") for one in self.plain if one.strip())[:MOST_TEXT]

    @property
    def markup(self) -> str:
        return "\n".join(one for one in self.html if one.strip())[:MOST_TEXT]


def contents_of(top: Part, report: Report) -> Contents:
    """All parts, sorted; a part is never dropped but for alternatives we cannot show."""
    found = Contents()
    waiting = [(top, False, False)]  # part, within a report, one of several alternatives
    while waiting:
        part, in_report, is_alternative = waiting.pop()
        if part.parts:
            is_report = part.type.kind == "multipart/report"
            is_choice = part.type.kind == "multipart/alternative"
            waiting.extend(
                (child, in_report or is_report, is_choice or is_alternative)
                for child in reversed(part.parts)
            )
            continue
        found.charset = found.charset or part.type.parameters.get("charset", "")
        _sort(part, found, report, in_report=in_report, is_alternative=is_alternative)
    return found


def _sort(
    part: Part, found: Contents, report: Report, *, in_report: bool, is_alternative: bool
) -> None:
    kind = part.type.kind
    if kind in KEPT:
        content = content_of(part, report)
        found.kept.append(KeptPart(kind, content, part.type.parameters))
        if in_report or kind not in _FILES_TOO:
            return
        _attach(part, found, report, content)
        return
    name = file_name(part, report)
    disposition = part.field("content-disposition").strip().lower()
    if kind in _TEXTS and not name and not disposition.startswith(b"attachment"):
        (found.html if kind == "text/html" else found.plain).append(text_content(part, report))
        return
    if kind.startswith("multipart/"):  # without a boundary that occurs, or too deep
        found.plain.append(text_content(part, report))
        return
    if is_alternative and kind.startswith("text/") and not name:
        return  # text/x-amp-html, text/watch-html: the same once more
    _attach(part, found, report, content_of(part, report))


def _attach(part: Part, found: Contents, report: Report, content: bytes) -> None:
    if len(found.attachments) >= _MOST_ATTACHMENTS:
        report(Problem.TOO_MANY_PARTS)
        return
    kind = part.type.kind
    content_id = clean(part.field("content-id").decode("ascii", "replace")).strip("<> ")[:250]
    disposition = part.field("content-disposition").strip().lower()
    is_inline = disposition.startswith(b"inline") or (
        bool(content_id) and not disposition.startswith(b"attachment")
    )
    found.attachments.append(
        Attachment(
            name=file_name(part, report) or made_up_name(kind, len(found.attachments) + 1),
            type=kind,
            content=content,
            is_inline=is_inline and kind.startswith("image/"),
            content_id=content_id,
        )
    )
