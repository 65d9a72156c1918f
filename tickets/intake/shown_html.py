"""The HTML of a mail, made harmless: for a frame without scripts, and without the network.

What nh3 lets through by default would still load remote images and styles, which tells the
sender who reads what and when, and lays one thing over another. Here nothing is loaded: pictures
are those the mail brings along, as data; styles and links go.

nh3 reads HTML as a browser does: it looks through all open elements at nearly every tag, and opens
what is bold or coloured anew in each paragraph. A small mail could keep it busy for minutes. So
it is given what was written anew: as closed as it was opened, not deep, not many tags, and
without attributes but those that may stay.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

import nh3

from tickets.intake.mail.html_walk import TooDeep, walk
from tickets.intake.mail.parsed import ParsedMail

MOST_HTML: Final = 1_000_000  # characters
MOST_ELEMENTS: Final = 20_000
MOST_WRITTEN: Final = 500_000  # characters that nh3 is given
DEEPEST: Final = 100  # elements open at once; of what is deeper the text is shown
MOST_PICTURES: Final = 6_000_000  # bytes, of all of them, each counted where it is shown
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
TAGS: Final = frozenset(
    "a abbr b blockquote br caption center code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i "
    "img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th "
    "thead tr tt u ul".split()
)
ATTRIBUTES: Final = {
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
DROPPED: Final = frozenset("script style title noscript template svg math".split())
_EMPTY: Final = frozenset({"br", "hr", "img"})


class TooMuch(Exception):
    """It cannot be shown as it was formatted: there is more of it than is looked at."""


def harmless(mail: ParsedMail) -> str:
    """A fragment of HTML; "" when the mail has none. Raises `TooMuch`."""
    picture = _pictures(mail)

    def chosen(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            name = value.strip()
            return picture(name[4:].strip("<>")) if name.lower().startswith("cid:") else None
        if attribute in ("width", "height", "colspan", "rowspan", "start"):
            return value if value.isascii() and value.isdigit() and len(value) < 5 else None
        return value

    return nh3.clean(
        bounded(mail.html[:MOST_HTML]),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=chosen,
        url_schemes={"cid", "data"},
        strip_comments=True,
        link_rel=None,
        clean_content_tags=set(DROPPED),
    )


def bounded(html: str) -> str:
    """The same, with tags of `TAGS` only, in order, neither deep nor many. Raises `TooMuch`."""
    writer = _Writer()
    try:
        walk(html, writer)
    except TooDeep as deep:
        raise TooMuch from deep
    written = "".join(writer.pieces)
    if len(written) > MOST_WRITTEN:
        raise TooMuch
    return written


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.elements = 0
        self.dropped = 0
        self.ends: list[str] = []  # what closes each element that is open; "" for one left out
        self.depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise TooMuch
        self.dropped += tag in DROPPED
        is_kept = tag in TAGS and not self.dropped and self.depth < DEEPEST
        if is_kept:
            kept = ATTRIBUTES.get(tag, set()) & attributes.keys()
            written = "".join(f' {name}="{escape(attributes[name])}"' for name in sorted(kept))
            self.pieces.append(f"<{tag}{written}>")
        end = f"</{tag}>" if is_kept and tag not in _EMPTY else ""
        self.ends.append(end)
        self.depth += end != ""

    def end(self, tag: str) -> None:
        self.dropped -= tag in DROPPED
        if end := self.ends.pop():
            self.pieces.append(end)
            self.depth -= 1

    def data(self, text: str) -> None:
        if not self.dropped:
            self.pieces.append(escape(text, quote=False))


def _pictures(mail: ParsedMail) -> Callable[[str], str | None]:
    """Which picture has this Content-ID, as data; None for none, or once they are too much."""
    found = {
        file.content_id.strip("<>"): file
        for file in mail.attachments
        if file.content_id and file.type in PICTURES
    }
    left = MOST_PICTURES

    def picture(name: str) -> str | None:
        nonlocal left
        file = found.get(name)
        if file is None or len(file.content) > left:
            return None
        left -= len(file.content)
        return f"data:{file.type};base64,{base64.b64encode(file.content).decode()}"

    return picture
