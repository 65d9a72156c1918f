"""What differs between two texts, line by line and within a line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

_TOKEN: Final = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.S)
_AROUND: Final = 3  # unchanged lines shown about a change
_LONGEST_LINE: Final = 1000  # characters; beyond, a changed line is shown as replaced
_MOST_LINES: Final = 3000  # of the part that differs; beyond, all of it is shown as replaced


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the old text, of the new one, or of both; `skipped` stands for so many alike.

    `old` and `new` are None where that text has no such line; numbers count from 1.
    """

    kind: Literal["same", "removed", "added", "changed", "skipped"]
    old_number: int | None = None
    new_number: int | None = None
    old: tuple[Piece, ...] | None = None
    new: tuple[Piece, ...] | None = None
    skipped: int = 0


def compare(old: str, new: str, *, around: int = _AROUND) -> list[Line]:
    """The lines of both texts beside each other, those far from a change left out.

    Nothing at all when they are the same.
    """
    if old == new:
        return []
    before, after = old.splitlines(), new.splitlines()
    lines = list(_lines(before, after))
    return list(_folded(lines, around))


def unified(lines: Sequence[Line]) -> Iterator[Line]:
    """The same for one column: a changed line becomes one removed and one added."""
    held: list[Line] = []
    for line in lines:
        if line.kind == "changed":
            yield Line("removed", line.old_number, None, line.old, None)
            held.append(Line("added", None, line.new_number, None, line.new))
        elif line.kind == "added":
            held.append(line)
        elif line.kind == "removed":
            yield line
        else:
            yield from held
            held = []
            yield line
    yield from held


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        if tag == "equal":
            for offset in range(i2 - i1):
                text = (Piece(before[i1 + offset]),)
                yield Line("same", i1 + offset + 1, j1 + offset + 1, text, text)
            continue
        paired = min(i2 - i1, j2 - j1)
        for offset in range(paired):
            old, new = _pieces(before[i1 + offset], after[j1 + offset])
            yield Line("changed", i1 + offset + 1, j1 + offset + 1, old, new)
        for number in range(i1 + paired, i2):
            yield Line("removed", number + 1, None, (Piece(before[number]),), None)
        for number in range(j1 + paired, j2):
            yield Line("added", None, number + 1, None, (Piece(after[number]),))


def _opcodes(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    """As difflib's; what both begin and end with is found first, for that costs nothing."""
    start, shorter = 0, min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    i2, j2 = len(before) - end, len(after) - end
    if max(i2 - start, j2 - start) > _MOST_LINES:
        middle = [("replace", start, i2, start, j2)]
    else:
        found = SequenceMatcher(None, before[start:i2], after[start:j2]).get_opcodes()
        middle = [
            (str(tag), a + start, b + start, c + start, d + start) for tag, a, b, c, d in found
        ]
    same_before = [("equal", 0, start, 0, start)] if start else []
    same_after = [("equal", i2, len(before), j2, len(after))] if end else []
    return [*same_before, *middle, *same_after]


def _pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Words that differ, within two lines; none marked where hardly any is the same."""
    whole = (Piece(old),), (Piece(new),)
    if max(len(old), len(new)) > _LONGEST_LINE:
        return whole
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < 0.6:
        return whole
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        is_changed = tag != "equal"
        if i2 > i1:
            left.append(Piece("".join(a[i1:i2]), is_changed))
        if j2 > j1:
            right.append(Piece("".join(b[j1:j2]), is_changed))
    return tuple(left), tuple(right)


def _folded(lines: list[Line], around: int) -> Iterator[Line]:
    near: set[int] = set()
    for index, line in enumerate(lines):
        if line.kind != "same":
            near.update(range(index - around, index + around + 1))
    skipped = 0
    for index, line in enumerate(lines):
        if index in near:
            if skipped:
                yield Line("skipped", skipped=skipped)
                skipped = 0
            yield line
        else:
            skipped += 1
    if skipped:
        yield Line("skipped", skipped=skipped)
