"""Relative links and images of a page, made independent of where the file stands, and back.

In the database a link to another article is `article:<key>#anchor`, and an image is the path
of one of the article's files. Code is never touched. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote

from knowledge.docs_tree.page import Problem

# `code`, or ![alt](target "title") or [text](target); and definitions: [name]: target
_PIECE: Final = re.compile(
    r"(?P<code>(?P<tick>`+)(?:(?!(?P=tick)).)+(?P=tick))"
    r"|(?P<image>!?)\[(?P<text>(?:[^\[\]\\]|\\.|!?\[[^\[\]]*\](?:\([^()\s]*\))?)*)\]"
    r"\(\s*<?(?P<target>[^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?P<title>(?:\s+\"[^\"]*\")?)\s*\)"
)
_DEFINITION: Final = re.compile(r"^( {0,3}\[[^\]]+\]:\s+)<?(\S+?)>?(\s.*)?$")
_FENCE: Final = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ABSOLUTE: Final = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|#|/)")
_UNSPEAKABLE: Final = re.compile(r"[\s()<>%#\\]")  # would end a target, or mean something else
ARTICLE: Final = "article:"

Resolve = Callable[[str, bool], str | None]


def rewrite(body: str, source: str, resolve: Resolve) -> tuple[str, list[Problem]]:
    """Pass every relative target and `article:` link to `resolve(target, is_image)`.

    The target has no escapes (%20); what is returned is `spelled` and takes its place. None
    leaves it, and it is reported.
    """
    page = _Page(source, resolve)
    lines, fence = [], ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and line.strip() == mark[1]:
            fence = ""
        elif not fence:
            line = page.line(line)
        lines.append(line)
    return "\n".join(lines), page.problems


def spelled(path: str) -> str:
    """A path as it can stand in a link."""
    return _UNSPEAKABLE.sub(lambda match: quote(match[0]), path)


def with_anchor(target: str, anchor: str) -> str:
    """The spelled target, with the anchor behind it when there is one."""
    return f"{target}#{spelled(anchor)}" if anchor else target


class _Page:
    def __init__(self, source: str, resolve: Resolve) -> None:
        self.source, self.resolve = source, resolve
        self.problems: list[Problem] = []

    def line(self, line: str) -> str:
        if definition := _DEFINITION.match(line):
            made = self.target(definition[2], is_image=False)
            return f"{definition[1]}{made}{definition[3] or ''}"
        return _PIECE.sub(self.piece, line)

    def piece(self, match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        is_image = bool(match["image"])
        text = match["text"] if is_image else _PIECE.sub(self.piece, match["text"])
        found = self.target(match["target"], is_image=is_image)
        return f"{match['image']}[{text}]({found}{match['title']})"

    def target(self, found: str, *, is_image: bool) -> str:
        if _ABSOLUTE.match(found) and not found.startswith(ARTICLE):
            return found
        made = self.resolve(unquote(found), is_image)
        if made is None:
            self.problems.append(Problem(self.source, f"leads nowhere: {found[:200]}"))
            return found
        return made
