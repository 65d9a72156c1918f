"""Numbers of rows as they arrive in forms and addresses."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 18  # fit into a bigint whatever they are; Python refuses to read thousands


def row_key(text: str) -> int | None:
    """The number of a row; None when no row can have it."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        return None
    return int(text)
