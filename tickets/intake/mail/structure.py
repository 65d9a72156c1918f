"""A mail's MIME parts, found in one pass over its bytes.

Not by the standard library's parser: that one calls itself per level, and compares each line
with the boundaries of all levels around it, so that a small mail can keep it busy for minutes.
Here each line that begins with two hyphens is looked up once, however deep it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tickets.intake.mail.charsets import Report
from tickets.intake.mail.fields import ContentType, content_type_of
from tickets.intake.mail.parsed import Problem

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_HEADER_BYTES: Final = 1024 * 1024  # of the mail; 10,000 recipients take half of it
MOST_PART_HEADER_BYTES: Final = 16 * 1024  # of each part in it
MOST_FIELDS: Final = 2_000  # of one part
MOST_PARTS: Final = 1_000
MOST_LEVELS: Final = 100

_BLANK_LINE: Final = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r(?!\n)")
_LINE_WITH_HYPHENS: Final = re.compile(rb"^--[^\r\n]{1,300}", re.MULTILINE)
_LINES: Final = re.compile(rb"[^\r\n]+")
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")

Fields = list[tuple[str, bytes]]


@dataclass(slots=True)
class Part:
    """One MIME part; `body` is still transfer-encoded, and empty where there are `parts`."""

    fields: Fields
    type: ContentType
    body: bytes = b""
    parts: list[Part] = field(default_factory=list)

    def field(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")


def read_structure(raw: bytes, report: Report) -> Part:
    """The mail's outermost part with all parts in it; never raises."""
    if len(raw) > MOST_BYTES:
        report(Problem.TOO_LARGE)
        raw = raw[:MOST_BYTES]
    return _Reader(raw, report).read()


class _Reader:
    """Goes through a mail once; knows which multiparts are open and which part is being read."""

    def __init__(self, raw: bytes, report: Report) -> None:
        self.raw = raw
        self.report = report
        self.open: list[tuple[bytes, Part]] = []  # boundary and multipart, the innermost last
        self.boundaries: set[bytes] = set()
        self.leaf: Part | None = None
        self.leaf_at = 0
        self.count = 0

    def read(self) -> Part:
        top, start = self._begin_part(0, "text/plain")
        if self.open:
            self._read_parts(start)
        if self.leaf is not None:  # of one part, or cut off before its closing boundary
            self.leaf.body = self.raw[self.leaf_at :]
        if not top.parts:
            if top is not self.leaf:
                self.report(Problem.NO_BOUNDARY)
            top.body = self.raw[start:]
        return top

    def _read_parts(self, start: int) -> None:
        for line in _LINE_WITH_HYPHENS.finditer(self.raw, start):
            name = line.group()[2:].rstrip(b" \t")
            if name not in self.boundaries and name.removesuffix(b"--") not in self.boundaries:
                continue
            self._end_leaf(line.start())
            level, is_end = self._which(name)
            del self.open[level if is_end else level + 1 :]
            if not self.open:
                return
            if not is_end:
                if self.count > MOST_PARTS:
                    self.report(Problem.TOO_MANY_PARTS)
                    return
                self._begin_child(self.open[level][1], line.end())
            self.boundaries = {boundary for boundary, _part in self.open}

    def _begin_child(self, parent: Part, after: int) -> None:
        is_digest = parent.type.kind == "multipart/digest"
        begins = self.raw.find(b"\n", after) + 1 or len(self.raw)
        child, _at = self._begin_part(begins, "message/rfc822" if is_digest else "text/plain")
        parent.parts.append(child)

    def _begin_part(self, start: int, default_type: str) -> tuple[Part, int]:
        """The part whose header begins at `start`, and where its body begins."""
        self.count += 1
        raw = self.raw
        if raw.startswith((b"\n", b"\r\n"), start):
            part, body_at = Part([], ContentType(default_type)), raw.find(b"\n", start) + 1
        else:
            most = MOST_PART_HEADER_BYTES if self.open else 4 * MOST_HEADER_BYTES
            found = _BLANK_LINE.search(raw, start, start + most)
            head_end, body_at = found.span() if found else (min(start + most, len(raw)), len(raw))
            fields = read_fields(raw[start:head_end], self.report, is_within=bool(self.open))
            declared = next((value for name, value in fields if name == "content-type"), b"")
            part = Part(fields, content_type_of(declared, default_type))
        if not self._open(part):
            self.leaf, self.leaf_at = part, body_at
        return part, body_at

    def _open(self, part: Part) -> bool:
        """Whether the part holds parts of its own, which come next."""
        if not part.type.kind.startswith("multipart/"):
            return False
        boundary = part.type.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        if not boundary:
            self.report(Problem.NO_BOUNDARY)
            return False
        if len(self.open) >= MOST_LEVELS:
            self.report(Problem.TOO_DEEP)
            return False
        self.open.append((boundary, part))
        self.boundaries.add(boundary)
        return True

    def _which(self, name: bytes) -> tuple[int, bool]:
        """The level whose boundary this is, innermost first, and whether it is the last one."""
        for level in range(len(self.open) - 1, -1, -1):
            boundary = self.open[level][0]
            if name in (boundary, boundary + b"--"):
                return level, name != boundary
        raise LookupError(name)

    def _end_leaf(self, at: int) -> None:
        """The line break before a boundary belongs to the boundary (RFC 2046)."""
        if self.leaf is not None:
            body = self.raw[self.leaf_at : at]
            self.leaf.body = body.removesuffix(b"\n").removesuffix(b"\r")
            self.leaf = None


def read_fields(block: bytes, report: Report, *, is_within: bool = False) -> Fields:
    """Header fields in order: names in lower case, values unfolded.

    Those of a part within a mail end at the latest where the next part begins.
    """
    if len(block) > MOST_HEADER_BYTES:
        report(Problem.HEADERS_CUT)
        block = block[:MOST_HEADER_BYTES]
    fields: list[tuple[str, list[bytes]]] = []
    for number, one in enumerate(_LINES.finditer(block)):
        line = one.group()
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line)
            continue
        if is_within and line.startswith(b"--"):
            break
        found = _FIELD.match(line)
        if found is None:
            if line.strip() and not (number == 0 and line.startswith((b"From ", b">From "))):
                report(Problem.HEADER_BROKEN)
            continue
        if len(fields) >= MOST_FIELDS:
            report(Problem.HEADERS_CUT)
            break
        fields.append((found[1].decode("ascii").lower(), [line[found.end() :]]))
    return [(name, b"".join(lines).strip()) for name, lines in fields]
