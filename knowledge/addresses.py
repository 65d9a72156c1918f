"""Where articles and their files are read: plain paths, the same in texts and in pages.

The portal serves them; `tests/portal/docs/test_addresses.py` holds that its addresses are these.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

DOCS: Final = "/docs/"


def article_path(key: str, language: str, anchor: str = "") -> str:
    """The page of an article in that language, at the heading with that anchor."""
    path = f"{DOCS}{language}/a/{key}/"
    return f"{path}#{quote(anchor)}" if anchor else path


def file_path(key: str, path: str) -> str:
    """A file of an article: an image, or a file of its sample code."""
    return f"{DOCS}files/{key}/{quote(path)}"
