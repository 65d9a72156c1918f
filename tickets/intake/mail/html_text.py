"""HTML mail to text."""

from __future__ import annotations

import re
from typing import Final

MOST_HTML: Final = 1_000_000  # characters that are looked at

_BLANK_LINES: Final = re.compile(r"\n(?:[ \t\u00a0]*\n){2,}")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def html_to_text(html: str) -> str:
    """The text a reader would see, links and images left out; "" if there is none."""
    import lxml.html  # here: slow to load, and most mails have a plain part
    from inscriptis import get_text
    from lxml.etree import LxmlError

    if not html.strip():
        return ""
    try:
        lxml.html.fromstring(html[:MOST_HTML])
        text = get_text(_NO_XML.sub("", html[:MOST_HTML]))
    except (LxmlError, ValueError, RecursionError):
        return ""
    return _BLANK_LINES.sub("\n\n", text).strip()
