"""Strangers' HTML, told to a listener tag by tag: in time and memory in proportion to its length.

No tree is built of it: that takes quadratic time for a tag of many attributes, and drops what is
nested deeper than the parser likes. The parser closes whatever was left open, so each start has
its end, in order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Protocol

DEEPEST: Final = 500  # elements open at once; the parser looks through them for each end tag
PIECE: Final = 20_000  # characters told at once; only between them does the parser stop

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class TooDeep(Exception):
    """More elements are open at once than anybody writes."""


class Listener(Protocol):
    """Hears of each tag, in lower case, and of the text between, in pieces of any size."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


def walk(html: str, listener: Listener) -> None:
    """Raises `TooDeep`, once that is known, and what the listener raises; never for bad HTML."""
    from lxml import etree  # here: slow to load, and most mails have a plain part

    target = _Counting(listener)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=target)
    try:
        for start in range(0, len(html), PIECE):
            parser.feed(_NO_XML.sub("", html[start : start + PIECE]).encode())
        parser.close()
    except etree.LxmlError:
        return  # what it heard so far is all there is


class _Counting:
    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.depth = 0
        self.data = listener.data

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeep
        self.listener.start(tag.lower(), attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.listener.end(tag.lower())

    def close(self) -> None:
        """The parser asks for a result."""
