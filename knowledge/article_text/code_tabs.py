"""Blocks of code that say the same in several languages stand behind tabs.

Without a script the tabs are radio buttons; `static/js/docs-tabs.js` makes them tabs for
screen readers, too, and remembers the choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from django.utils.html import escape
from markdown_it.token import Token

from accounts.invisible import mark_invisible

_TAB: Final = re.compile(r'\btab="([^"]{1,40})"')
_MOST: Final = 12  # tabs in one row


def label_of(token: Token) -> str:
    """The label of the tab a block is for; empty when it is for none."""
    match = _TAB.search(token.info) if token.type == "fence" else None
    return match[1].strip() if match else ""


def grouped(tokens: Iterable[Token]) -> list[Token]:
    """The tokens with each run of blocks that have a tab made into one."""
    made: list[Token] = []
    run: list[Token] = []
    for token in tokens:
        label = label_of(token)
        if run and (not label or len(run) == _MOST or label in map(label_of, run)):
            made.append(_group(run))
            run = []
        if label:
            run.append(token)
        else:
            made.append(token)
    if run:
        made.append(_group(run))
    return made


def written(group: Token, number: int, code: Callable[[Token], str]) -> str:
    """The HTML of a group; `number` tells it from others on the page."""
    parts = []
    for place, token in enumerate(group.meta["blocks"]):
        label = label_of(token)
        # A heading's anchor has no dots in it.
        own = f"tabs.{number}.{place}"
        checked = " checked" if place == 0 else ""
        parts.append(
            f'<input type="radio" class="tabs-choice" name="tabs.{number}" id="{own}"{checked}>'
            f'<label class="tabs-label" for="{own}">{mark_invisible(label)}</label>'
            f'<div class="tabs-panel" data-tab="{escape(label)}">{code(token)}</div>'
        )
    return f'<div class="tabs">{"".join(parts)}</div>\n'


def _group(run: list[Token]) -> Token:
    return Token("code_tabs", "", 0, block=True, meta={"blocks": run})
