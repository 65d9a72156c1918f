"""Addresses written out in plain text become links; a rule for markdown-it."""

from __future__ import annotations

import re
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_BARE_LINK: Final = re.compile(r"https?://[^\s<>\"'`，。；：、！？（）【】《》]+", re.IGNORECASE)
_AFTER_LINK: Final = ".,;:!?'\"*_~"


def link_addresses(state: StateCore) -> None:
    """Make links of addresses written out in plain text, outside of links already there."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        depth, children = 0, []
        for token in block.children:
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if token.type == "text" and not depth and "://" in token.content:
                children += _split(token.content)
            else:
                children.append(token)
        block.children = children


def _split(text: str) -> list[Token]:
    made, end = [], 0
    for match in _BARE_LINK.finditer(text):
        address = match[0].rstrip(_AFTER_LINK)
        while address.endswith(")") and address.count("(") < address.count(")"):
            address = address[:-1].rstrip(_AFTER_LINK)
        made += [_plain(text[end : match.start()]), *_link(address)]
        end = match.start() + len(address)
    return [*made, _plain(text[end:])]


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _link(address: str) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": address})
    return [opening, _plain(address), Token("link_close", "a", -1)]
