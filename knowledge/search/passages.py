"""An article's Markdown in passages: one under each heading, as plain text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 6_000  # characters; longer parts are cut at the end of a line

_HEADING: Final = re.compile(r" {0,3}#{1,6}\s+(.+?)\s*#*\s*")
_FENCE: Final = re.compile(r"\s*(?:> ?)*(`{3,}|~{3,})")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_MARKS: Final = re.compile(
    r"\[!\w+\]|\{\{[^{}]{0,300}\}\}|^\s*[>|\-*+ :]+(?=\s)|\*\*|__|`|\|", re.MULTILINE
)
# Of *one word* or _several of them_: the stars and lines around, not those of a name or a sum.
_EMPHASIS: Final = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_\n]{1,300})(?<=\S)\1(?![\w*])")
_RULE: Final = re.compile(r"^[\s|:\-=*_]+$", re.MULTILINE)
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """`prose` is the text without its code."""

    heading: str
    text: str
    prose: str


def passages(markdown: str) -> list[Passage]:
    """The parts of a page in order; a page without headings is one, an empty page none."""
    return [
        Passage(plain(heading), plain(text), plain(prose))
        for heading, text, prose in _sections(markdown)
        if heading or text.strip()
    ]


def file_passages(path: str, content: str) -> list[Passage]:
    """A file of sample code: its path as heading, nothing of it prose."""
    lines = content.splitlines()
    parts: list[list[str]] = [[]]
    size = 0
    for line in lines:
        if size > LONGEST:
            parts.append([])
            size = 0
        parts[-1].append(line[:LONGEST])
        size += len(line)
    return [Passage(path, _SPACE.sub(" ", "\n".join(part)).strip(), "") for part in parts]


def plain(markdown: str) -> str:
    """The words a reader sees, in one line."""
    text = _LINK.sub(r"\1", markdown)
    text = _MARKS.sub(" ", _RULE.sub(" ", _TAG.sub(" ", text)))
    return _SPACE.sub(" ", _EMPHASIS.sub(r"\2", text)).strip()


def _sections(markdown: str) -> Iterator[tuple[str, str, str]]:
    heading, fence, size = "", "", 0
    text: list[str] = []
    prose: list[str] = []
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if mark and (not fence or (mark[1][0] == fence[0] and len(mark[1]) >= len(fence))):
            fence = "" if fence else mark[1]
            continue
        title = None if fence else _HEADING.fullmatch(line)
        if title or size > LONGEST:
            yield heading, "\n".join(text), "\n".join(prose)
            heading, text, prose, size = title[1] if title else heading, [], [], 0
        if title:
            continue
        text.append(line[:LONGEST])
        size += len(line)
        if not fence:
            prose.append(line[:LONGEST])
    yield heading, "\n".join(text), "\n".join(prose)
