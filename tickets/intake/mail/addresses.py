"""Address fields, read without trusting a comma: names may hold anything, addresses little."""

from __future__ import annotations

import re
from typing import Final

from tickets.intake.mail.charsets import Report
from tickets.intake.mail.fields import clean, decode_words
from tickets.intake.mail.parsed import Address, Problem

MOST_ADDRESSES: Final = 500  # of one field
MOST_FIELD: Final = 256 * 1024  # bytes of one field that are looked at
MOST_NAME: Final = 200

_TOKEN: Final = re.compile(
    rb"\"(?P<quoted>(?:[^\"\\]|\\.)*)\"?"
    rb"|<(?P<angle>[^<>]*)>?"
    rb"|(?P<mark>[,;:()])"
    rb"|(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=)"
    rb"|(?P<text>[^\",;:()<=]+|.)",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
# Deliberately narrow: one @, no quoted local part, no address literal.
_ADDRESS: Final = re.compile(
    r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f-\x9f]{1,64}@"
    r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f-\x9f_]{1,253}"
)


def addresses_of(value: bytes, report: Report) -> tuple[Address, ...]:
    """Everyone named in an address field, groups opened; unreadable ones have address ""."""
    if len(value) > MOST_FIELD:
        report(Problem.TOO_MANY_RECIPIENTS)
        value = value[:MOST_FIELD]
    return _Reader(report).read(value)


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and ".." not in text.rpartition("@")[2]


def bare_address(text: str) -> str:
    """The address in the shape we keep: domain in lower case; "" if it is none."""
    local, at, domain = text.strip().strip("<>").rpartition("@")
    one = f"{local}{at}{domain.lower().rstrip('.')}"
    return one if is_address(one) else ""


class _Reader:
    """Collects the pieces of one address after the other."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.found: list[Address] = []
        self.name: list[bytes] = []
        self.bare: list[bytes] = []
        self.angle = b""
        self.comment_depth = 0

    def read(self, value: bytes) -> tuple[Address, ...]:
        for token in _TOKEN.finditer(value):
            if token.lastgroup == "mark":
                self._mark(token.group())
            elif token.lastgroup == "quoted":
                self.name.append(_ESCAPED.sub(rb"\1", token["quoted"]))
            elif token.lastgroup == "angle" and not self.comment_depth:
                self.angle = self.angle or token["angle"].strip()
            else:
                self.name.append(token.group())
                if not self.comment_depth:
                    self.bare.append(token.group())
            if len(self.found) >= MOST_ADDRESSES:
                self.report(Problem.TOO_MANY_RECIPIENTS)
                return tuple(self.found)
        self._finish()
        return tuple(self.found)

    def _mark(self, mark: bytes) -> None:
        if mark in b"()":
            self.comment_depth = max(0, self.comment_depth + (1 if mark == b"(" else -1))
        elif self.comment_depth:
            self.name.append(mark)
        elif mark == b":":  # before it stood a group's name
            self.name, self.bare = [], []
        else:
            self._finish()

    def _finish(self) -> None:
        bare, name, angle = b"".join(self.bare).strip(), b"".join(self.name), self.angle
        self.name, self.bare, self.angle = [], [], b""
        if not angle and not name.strip():
            return
        written = decode_words(angle or bare, self.report)
        address = bare_address(written)
        shown = decode_words(name, self.report)
        if not angle and address:
            shown = shown.replace(written, "")
        self.found.append(Address(clean(shown)[:MOST_NAME].strip("'\" "), address))
