"""The HTML of a mail, made harmless: for a frame without scripts, and without the network.

What nh3 lets through by default would still load remote images and styles, which tells the
sender who reads what and when, and lays one thing over another. Here nothing is loaded: pictures
are those the mail brings along, as data; styles and links go.
"""

from __future__ import annotations

import base64
from typing import Final

import nh3

from tickets.intake.mail.parsed import ParsedMail

MOST_HTML: Final = 1_000_000  # characters
MOST_PICTURES: Final = 6_000_000  # bytes, of all of them
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


def harmless(mail: ParsedMail) -> str:
    """A fragment of HTML; "" when the mail has none."""
    pictures = _pictures(mail)

    def chosen(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            name = value.strip()
            return pictures.get(name[4:].strip("<>")) if name.lower().startswith("cid:") else None
        if attribute in ("width", "height", "colspan", "rowspan", "start"):
            return value if value.isascii() and value.isdigit() and len(value) < 5 else None
        return value

    return nh3.clean(
        mail.html[:MOST_HTML],
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=chosen,
        url_schemes={"cid", "data"},
        strip_comments=True,
        link_rel=None,
        clean_content_tags={"script", "style", "title", "noscript", "template", "svg", "math"},
    )


def _pictures(mail: ParsedMail) -> dict[str, str]:
    found, size = {}, 0
    for file in mail.attachments:
        size += len(file.content)
        if file.content_id and file.type in PICTURES and size <= MOST_PICTURES:
            data = base64.b64encode(file.content).decode()
            found[file.content_id.strip("<>")] = f"data:{file.type};base64,{data}"
    return found
