"""What a mail says, once read: plain values that nobody else's bytes can surprise."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class Problem(StrEnum):
    """What was wrong with a mail; it was read as far as it could be."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_FROM = "no_from"
    SEVERAL_FROM = "several_from"
    FROM_UNREADABLE = "from_unreadable"
    NO_MESSAGE_ID = "no_message_id"
    NO_DATE = "no_date"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPLAUSIBLE = "date_implausible"
    HEADERS_CUT = "headers_cut"
    HEADER_BROKEN = "header_broken"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    NO_BOUNDARY = "no_boundary"
    BROKEN_ENCODING = "broken_encoding"
    UNKNOWN_CHARSET = "unknown_charset"
    WRONG_CHARSET = "wrong_charset"
    TEXT_CUT = "text_cut"
    NUL_BYTES = "nul_bytes"
    NO_TEXT = "no_text"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Address:
    """A name as it may be shown (no line breaks, no invisible characters) and a bare address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a mail. `name` is never empty, never a path; `type` is "kind/subtype"."""

    name: str
    type: str
    content: bytes
    is_inline: bool = False
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part that is more than text or a file, as it is.

    `type` is one of text/calendar, message/delivery-status, message/feedback-report,
    message/disposition-notification, message/rfc822, text/rfc822-headers.
    """

    type: str
    content: bytes
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as read by `parsing.parse`.

    Message-IDs have their angle brackets. `date` has a time zone (UTC where the mail names
    none). `text` is the plain part, or made from the HTML part where there is no plain one
    (`text_from_html`); lines end with a line feed. `authentication_results` stand topmost
    first. `headers` has all fields in order, names in lower case, values decoded.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_: Address = Address("", "")
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    date: dt.datetime | None = None
    text: str = ""
    html: str = ""
    text_from_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    kept: tuple[KeptPart, ...] = ()
    content_type: str = "text/plain"
    content_parameters: dict[str, str] = field(default_factory=dict)
    authentication_results: tuple[str, ...] = ()
    auto_submitted: str = ""
    precedence: str = ""
    list_id: str = ""
    return_path: str | None = None
    received_count: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    def header(self, name: str) -> str:
        """The first field of this name, "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), "")

    def has_header(self, name: str) -> bool:
        wanted = name.lower()
        return any(key == wanted for key, _value in self.headers)

    def kept_of(self, *types: str) -> tuple[KeptPart, ...]:
        return tuple(part for part in self.kept if part.type in types)
