"""Links between articles in a page that is shown: each reader gets those they can follow.

A text is rendered once, for all its readers; what it links to is published, archived and opened
to others meanwhile. A link somebody cannot follow is plain text to them: it would lead nowhere,
and its address tells of an article they are not to know of.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from knowledge.addresses import DOCS

# As `cleaning` leaves it: links hold no links, and of quotes in attributes only the entity.
_LINK: Final = re.compile(
    rf'<a (?:[^">]|"[^"]*")*?href="{DOCS}[a-z]+/a/(?P<key>[-\w]+)[^"]*"(?:[^">]|"[^"]*")*>'
    r"(?P<words>.*?)</a>",
    re.DOTALL,
)


def articles_linked(html: str) -> set[str]:
    """The keys of the articles it links to."""
    return {match["key"] for match in _LINK.finditer(html)}


def only_links_to(keys: Collection[str], html: str) -> str:
    """The same page, in which links to other articles than these are their words."""
    return _LINK.sub(lambda match: match[0 if match["key"] in keys else "words"], html)
