"""Bytes to text, whatever their sender said of them.

Declared first, then UTF-8, then what the bytes look like: Chinese mail programs say "gb2312"
and mean GBK or GB 18030; others say "us-ascii" or "iso-8859-1" and send anything.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

from tickets.intake.mail.parsed import Problem

Report = Callable[[Problem], None]

_ALIASES: Final = {
    **dict.fromkeys(
        "gb2312 gbk gb_2312-80 gb_2312 gb2312-80 x-gbk cp936 ms936 windows-936 euc-cn x-euc-cn "
        "gb18030 gb-2312 gb".split(),
        "gb18030",
    ),
    **dict.fromkeys("big5 big-5 cp950 x-x-big5 big5-hkscs".split(), "big5hkscs"),
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis windows-31j cp932".split(), "cp932"),
    **dict.fromkeys("ks_c_5601-1987 ks_c_5601 euc-kr ksc5601 windows-949".split(), "cp949"),
    **dict.fromkeys("iso-8859-1 latin1 latin-1 iso8859-1 iso_8859-1 cp1252".split(), "cp1252"),
    **dict.fromkeys("us-ascii ascii ansi_x3.4-1968 646 7bit 8bit".split(), "ascii"),
    **dict.fromkeys("unicode-1-1-utf-7 utf7".split(), "utf-7"),
    **dict.fromkeys("utf8 utf-8 utf8mb4 unicode-1-1-utf-8 utf-8-sig".split(), "utf-8"),
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "windows-874": "cp874",
    "iso-2022-cn": "hz",
}
_WEAK: Final = {"ascii", "cp1252"}  # what programs say when they do not know
_SAMPLE: Final = 20_000  # bytes looked at when guessing
_MOST_PAIRED: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_BINARY_CODECS: Final = {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "punycode"}


def decode(data: bytes, charset: str, report: Report) -> str:
    """Never raises; without NUL and byte-order marks; `report` hears what was wrong."""
    text = _decoded(data, charset, report)
    if "\0" in text:
        report(Problem.NUL_BYTES)
        text = text.replace("\0", "")
    return text.removeprefix("\ufeff")


def _decoded(data: bytes, charset: str, report: Report) -> str:
    if data.isascii() and b"\x1b" not in data and b"~{" not in data and not _is_wide(charset):
        return data.decode("ascii")
    codec = codec_of(charset)
    if codec is None:
        if charset.strip():
            report(Problem.UNKNOWN_CHARSET)
        return guess(data)
    if codec in _WEAK:
        if (text := _strictly(data, "utf-8")) is not None:
            return text
        if codec == "ascii" or _looks_chinese(data):
            report(Problem.WRONG_CHARSET)
            return guess(data)
        return data.decode("cp1252", "replace")
    if (text := _strictly(data, codec)) is not None:
        return text
    report(Problem.WRONG_CHARSET)
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    as_declared = data.decode(codec, "replace")
    if as_declared.count("\ufffd") * 50 <= len(as_declared):
        return as_declared  # a few bad bytes in otherwise good text
    return guess(data)


def codec_of(charset: str) -> str | None:
    """Python's name for a charset of the mail world; None if there is none."""
    name = charset.strip().strip("\"'").lower().split("*")[0]  # RFC 2231 may add "*en"
    if name in _ALIASES:
        return _ALIASES[name]
    if not name or len(name) > 60:
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if found.name in _BINARY_CODECS or not _is_text_codec(found.name):
        return None
    return _ALIASES.get(found.name, found.name)


def guess(data: bytes) -> str:
    """Text of bytes about which nothing is known."""
    if (text := _strictly(data, "utf-8")) is not None:
        return text
    if _looks_chinese(data) and (text := _strictly(data, "gb18030")) is not None:
        return text
    from charset_normalizer import from_bytes  # here: slow to load and seldom needed

    found = from_bytes(data[:_SAMPLE]).best()
    return data.decode(found.encoding if found else "cp1252", "replace")


def _looks_chinese(data: bytes) -> bool:
    """Whether most bytes beyond ASCII make pairs of the common half of GB 2312."""
    sample = data[:_SAMPLE]
    high = sum(1 for byte in sample if byte >= 0x80)
    common = sum(
        1
        for pair in _MOST_PAIRED.findall(sample)
        if (0xB0 <= pair[0] <= 0xD7 or pair[0] in (0xA1, 0xA3)) and pair[1] >= 0xA1
    )
    return high > 0 and common * 2 >= high * 0.7


def _is_wide(charset: str) -> bool:
    return charset.strip().lower().startswith(("utf-16", "utf-32", "utf16", "utf32", "utf-7"))


def _is_text_codec(name: str) -> bool:
    try:
        return isinstance(b"".decode(name), str)
    except (LookupError, ValueError, AssertionError):
        return False


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None
