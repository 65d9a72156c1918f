"""A part's content: transfer encodings, texts, and the names of files."""

from __future__ import annotations

import binascii
import mimetypes
import quopri
import re
from typing import Final

from tickets.intake.mail.charsets import Report, decode
from tickets.intake.mail.fields import clean, decode_words, parameters_of
from tickets.intake.mail.parsed import Problem
from tickets.intake.mail.structure import Part

MOST_TEXT: Final = 2_000_000  # characters of one mail's text that are kept
MOST_NAME: Final = 120

_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]")
_UNFIT: Final = re.compile(r'[\\/:*?"<>|]+')
_ENDINGS: Final = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/octet-stream": ".bin",
}


def content_of(part: Part, report: Report) -> bytes:
    """The decoded content; what is broken is decoded as far as it goes."""
    encoding = part.field("content-transfer-encoding").strip().lower().strip(b"\"'")
    if encoding == b"base64":
        return _from_base64(part.body, report)
    if encoding == b"quoted-printable":
        return quopri.decodestring(part.body)
    if encoding in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return _from_uuencode(part.body, report)
    return part.body


def text_content(part: Part, report: Report) -> str:
    """A text part's text: charset, line ends, and `format=flowed` (RFC 3676) undone."""
    parameters = part.type.parameters
    data = content_of(part, report)
    if len(data) > 4 * MOST_TEXT:
        report(Problem.TEXT_CUT)
        data = data[: 4 * MOST_TEXT]
    charset = parameters.get("charset", "")
    text = decode(data, charset, report).replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_TEXT:
        report(Problem.TEXT_CUT)
        text = text[:MOST_TEXT]
    if parameters.get("format", "").lower() == "flowed":
        text = _unflowed(text, drops_space=parameters.get("delsp", "").lower() == "yes")
    return text


def file_name(part: Part, report: Report) -> str:
    """The name a part gives itself, fit for any file system; "" if it gives none."""
    disposition = parameters_of(part.field("content-disposition"))
    name = disposition.get("filename") or part.type.parameters.get("name") or ""
    raw = name.encode("utf-8", "surrogateescape")
    return fit_name(decode_words(raw, report))


def fit_name(name: str) -> str:
    """Without folders, control characters or leading dots, and not too long; may be ""."""
    last = clean(name).replace("\\", "/").rpartition("/")[2]
    fit = _UNFIT.sub("_", last).strip(" .")
    if len(fit) <= MOST_NAME:
        return fit
    stem, dot, ending = fit.rpartition(".")
    if not dot or len(ending) > 12:
        return fit[:MOST_NAME]
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"


def made_up_name(kind: str, number: int) -> str:
    """For the `number`th file of a mail that brought no name."""
    ending = _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ".bin"
    if kind == "text/calendar":
        return f"invitation-{number}{ending}"
    if kind == "message/rfc822":
        return f"message-{number}{ending}"
    return f"{'image' if kind.startswith('image/') else 'attachment'}-{number}{ending}"


def _from_base64(body: bytes, report: Report) -> bytes:
    stripped = body.translate(None, b" \t\r\n")
    try:
        return binascii.a2b_base64(stripped, strict_mode=True)
    except binascii.Error:
        report(Problem.BROKEN_ENCODING)
    letters = _NOT_BASE64.sub(b"", stripped)
    letters = letters[: len(letters) - (1 if len(letters) % 4 == 1 else 0)]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return body


def _from_uuencode(body: bytes, report: Report) -> bytes:
    lines = iter(body.splitlines())
    if not any(line.startswith(b"begin ") for line in lines):
        report(Problem.BROKEN_ENCODING)
        return body
    decoded: list[bytes] = []
    for line in lines:
        if line.strip() in (b"end", b"`"):
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            report(Problem.BROKEN_ENCODING)
    return b"".join(decoded)


def _unflowed(text: str, *, drops_space: bool) -> str:
    """Lines that end in a space go on in the next one, if that is quoted as deep as they are."""
    done: list[str] = []
    open_depth = -1  # how deep the line before is quoted if it goes on
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if flows and drops_space:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            done.append(content)
        else:
            if done:
                done.append("\n")
            done.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = depth if flows else -1
    return "".join(done)
