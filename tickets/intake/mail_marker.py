"""The line at the top of our mails above which an answer is written.

Whoever reads an answer finds the line in what is quoted below it, in whichever of the
languages the mail was: these are fixed words and no translations that may change.
"""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = "— Please write your reply above this line —"
MARKERS: Final = {
    "en": _ENGLISH,
    "zh-hans": "— 请在此行上方回复 —",  # noqa: RUF001  as it is written
}


def is_marker(line: str) -> bool:
    """Whether a line is one of these, whatever a mail program made of its dashes and blanks."""
    return _words(line) in _WORDS


def marker(language: str) -> str:
    return MARKERS.get(language, _ENGLISH)


def _words(line: str) -> str:
    return " ".join(line.strip(" \t—–-*_").split())


_WORDS: Final = frozenset(_words(one) for one in MARKERS.values())
