"""Headings: the anchors they are reached by, and the list of contents made of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.token import Token

from accounts.invisible import mark_invisible

_NO_SLUG: Final = re.compile(r"[^\w\- ]")
_LONGEST: Final = 80  # characters of an anchor
# What the page itself has; no heading takes it over.
RESERVED: Final = frozenset(
    {"main", "announcer", "keyboard-help", "keyboard-help-title", "suggestions"}
)
# No heading begins like this: parts of the page do.
OWN_PREFIXES: Final = ("docs-", "chat")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    anchor: str
    text: str


def anchored(tokens: Sequence[Token]) -> list[Heading]:
    """Give each heading an `id` and say which there are, in order.

    The page has its title as heading of the first level: one in the text becomes a second.
    """
    taken: dict[str, int] = {}
    found = []
    for opening, inline, closing in _headings(tokens):
        level = max(2, int(opening.tag[1]))
        opening.tag = closing.tag = f"h{level}"
        words = "".join(
            " " if child.type in ("softbreak", "hardbreak") else child.content
            for child in inline.children or ()
            if child.type in ("text", "code_inline", "softbreak", "hardbreak")
        ).strip()
        anchor = _unique(slug(words), taken)
        opening.attrSet("id", anchor)
        if opening.level == 0:
            found.append(Heading(level, anchor, words))
    return found


def slug(words: str) -> str:
    """The anchor of a heading with these words, as GitHub makes it; Chinese stays Chinese."""
    plain = unicodedata.normalize("NFKC", words).lower().strip()
    made = _NO_SLUG.sub("", plain).replace(" ", "-")[:_LONGEST]
    if not made.strip("-_"):
        return "section"
    if made in RESERVED or made.startswith(OWN_PREFIXES):
        return f"section-{made}"
    return made


def permalink(anchor: str) -> str:
    """The sign beside a heading that is a link to it; for the mouse, the contents are for all."""
    return (
        f'<a class="anchor" href="#{mark_invisible(anchor)}" aria-hidden="true" tabindex="-1"></a>'
    )


def _unique(wanted: str, taken: dict[str, int]) -> str:
    """The anchor, with a number after it from the second time on."""
    made = wanted
    while made in taken:
        taken[wanted] += 1
        made = f"{wanted}-{taken[wanted]}"
    taken[made] = 0
    return made


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[index + 1], tokens[index + 2]
