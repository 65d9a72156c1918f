"""A file of JSON lines, packed or not: one page a line, and no files."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Final

from knowledge.docs_tree import front_matter
from knowledge.docs_tree.page import LARGEST_PAGE, Page, Problem, Unreadable
from knowledge.docs_tree.tree import Tree

_ALIASES: Final = {"id": "key", "lang": "language", "text": "body"}
_OF_OTHERS: Final = {"source"}  # names in lines of other programs that say nothing to us


def read_lines(path: Path) -> Tree:
    """What stands before the place where the file is broken comes in."""
    tree = Tree(has_files=False)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, 1):
                _read_line(line, f"{path.name}:{number}", tree)
        except EOFError:
            tree.skipped.append(Problem(path.name, "The file is cut short."))
        except (gzip.BadGzipFile, zlib.error):
            tree.skipped.append(Problem(path.name, "The file is no gzip, or it is damaged."))
        except UnicodeDecodeError:
            tree.skipped.append(Problem(path.name, "The file is not UTF-8."))
    return tree


def _read_line(line: str, source: str, tree: Tree) -> None:
    try:
        if line.strip():
            tree.pages.append(_page_of_line(line, source))
    except Unreadable as problem:
        tree.skipped.append(Problem(source, str(problem)))


def _page_of_line(line: str, source: str) -> Page:
    if len(line) > LARGEST_PAGE:
        raise Unreadable("The line is too long.")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable("The line is not JSON.") from None
    if not isinstance(row, dict):
        raise Unreadable("The line is no object.")
    head = {_ALIASES.get(name, name): value for name, value in row.items()}
    body = head.pop("body", "")
    if not isinstance(body, str):
        raise Unreadable("The text is no text.")
    for name in _OF_OTHERS & head.keys():
        head.pop(name)
    identifier = str(head.get("key") or "")
    if not front_matter.is_text(identifier):
        raise Unreadable("It contains characters that are no text.")
    if identifier:
        head["key"] = front_matter.key_of(identifier)
    page = front_matter.page_of(head, body, source)
    page.source = identifier or source
    return page
