"""Header fields: encoded words, Message-IDs, addresses, dates and parameters.

Nothing here trusts a field: line breaks, control and invisible direction characters never get
through, and no expression looks at the same character more than a fixed number of times.
"""

from __future__ import annotations

import binascii
import datetime as dt
import email.utils
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

from tickets.intake.mail.charsets import Report, decode
from tickets.intake.mail.parsed import Problem

MOST_VALUE: Final = 64 * 1024  # bytes of one value that is decoded
MOST_ID: Final = 250
MOST_IDS: Final = 500
_EARLIEST: Final = 1990
_LATEST: Final = 2090

_WORD: Final = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\r\n]*)\?=")
_UNDERSCORED: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
# Control characters, line and paragraph separators, invisible and direction characters, and
# halves of surrogate pairs, which no database takes. Joiners of emoji (U+200D) may stay.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
_SPACES: Final = re.compile(r"\s+")
_ID: Final = re.compile(r"<([^<>]{1,2000})>")
_PARAMETER: Final = re.compile(
    r";\s*([!#$&+\-^_`|~.*%0-9A-Za-z]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"?|([^;\s]*))", re.DOTALL
)
_KIND: Final = re.compile(r"\s*([\w!#$&^+.\-]{1,120}/[\w!#$&^+.\-]{1,120})")


@dataclass(frozen=True, slots=True)
class ContentType:
    """`kind` is "kind/subtype" in lower case; so are the names of the parameters."""

    kind: str
    parameters: dict[str, str] = field(default_factory=dict)


def text_of(value: bytes, report: Report, charset: str = "") -> str:
    """An unstructured field, decoded and fit to be shown or written into a header of ours."""
    return clean(decode_words(value, report, charset))


def clean(text: str) -> str:
    """One line of visible characters: what makes a line break or turns the direction goes."""
    return _SPACES.sub(" ", _UNSEEN.sub(" ", text)).strip()


def decode_words(value: bytes, report: Report, charset: str = "") -> str:
    """RFC 2047; neighbours of one charset are joined before they are decoded.

    Some programs cut a character in two, one half in each word.
    """
    if len(value) > MOST_VALUE:
        report(Problem.HEADERS_CUT)
        value = value[:MOST_VALUE]
    if b"=?" not in value:
        return decode(value, charset, report)
    pieces: list[str] = []
    held, held_charset = b"", ""
    position = 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        name = word[1].decode("ascii", "replace").lower().split("*")[0]
        content = _word_bytes(word[2], word[3], report)
        if held_charset and (between.strip() or name != held_charset):
            pieces.append(decode(held, held_charset, report))
            held = b""
        if between.strip() or not position:
            pieces.append(decode(between, charset, report))
        held, held_charset = held + content, name
        position = word.end()
    if held_charset:
        pieces.append(decode(held, held_charset, report))
    pieces.append(decode(value[position:], charset, report))
    return "".join(pieces)


def _word_bytes(encoding: bytes, content: bytes, report: Report) -> bytes:
    if encoding in b"qQ":
        spaced = content.replace(b"_", b" ")
        return _UNDERSCORED.sub(lambda found: bytes.fromhex(found[1].decode()), spaced)
    try:
        return binascii.a2b_base64(content + b"=" * (-len(content) % 4))
    except binascii.Error:
        report(Problem.BROKEN_ENCODING)
        return content


def message_ids(value: str) -> tuple[str, ...]:
    """All Message-IDs in a field, with angle brackets, in order; several @ are no hindrance."""
    found = [_SPACES.sub("", one) for one in _ID.findall(value)]
    if not found:
        found = [one for one in value.split() if "@" in one]
    return tuple(f"<{clean(one)[: MOST_ID - 2]}>" for one in found[-MOST_IDS:] if clean(one))


def date_of(value: str, report: Report) -> dt.datetime | None:
    """With a time zone (UTC where the field names none); None when it cannot be read."""
    if not value:
        report(Problem.NO_DATE)
        return None
    try:
        found = email.utils.parsedate_to_datetime(value[:100])
        found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        found.astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        report(Problem.DATE_UNREADABLE)
        return None
    if not _EARLIEST <= found.year <= _LATEST:
        report(Problem.DATE_IMPLAUSIBLE)
    return found


def content_type_of(value: bytes, default: str = "text/plain") -> ContentType:
    """A Content-Type field; `default` where it is missing or cannot be read."""
    text = value[:MOST_VALUE].decode("utf-8", "surrogateescape")
    found = _KIND.match(text)
    kind = found[1].lower() if found else default
    return ContentType(kind, parameters_of(value))


def parameters_of(value: bytes) -> dict[str, str]:
    """Parameters of a field, with RFC 2231's pieces joined; values as they stand otherwise.

    A value may hold encoded words or raw bytes (as surrogates): see `file_name`.
    """
    text = value[:MOST_VALUE].decode("utf-8", "surrogateescape")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, quoted, bare in _PARAMETER.findall(text):
        name = name.lower()
        content = re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted else bare
        base, star, rest = name.partition("*")
        if not star:
            plain.setdefault(name, content)
            continue
        number, is_coded = rest.removesuffix("*"), rest.endswith("*") or not rest
        pieces.setdefault(base, []).append(
            (int(number) if number.isdigit() and len(number) < 5 else 0, is_coded, content)
        )
    for base, parts in pieces.items():
        plain[base] = _joined(parts)
    return plain


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    parts.sort(key=lambda part: part[0])
    data, charset = b"", ""
    for place, (_number, is_coded, content) in enumerate(parts):
        if is_coded and place == 0 and content.count("'") >= 2:
            charset, _language, content = content.split("'", 2)
        raw = content.encode("utf-8", "surrogateescape")
        data += unquote_to_bytes(raw) if is_coded else raw
    return decode(data, charset, lambda _problem: None)
