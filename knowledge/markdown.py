"""Markdown written by people, as HTML that is harmless whatever they wrote.

Two walls: the parser lets no raw HTML through, and what it makes is cleaned against an
explicit list. Nothing is fetched from elsewhere when a message is read: an image becomes a
link to it. Characters that hide or reorder text become visible markers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from accounts.invisible import mark_invisible

_TAGS: Final = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "s", "code", "pre", "a", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class", "title"},
    "div": {"class"},
    "pre": {"tabindex"},
}
_SCHEMES: Final = {"http", "https", "mailto"}
_HIGHLIGHT_LIMIT: Final = 20_000  # characters of one block; beyond, code is shown plain
_BARE_LINK: Final = re.compile(r"https?://[^\s<>\"'`，。；：、！？（）【】《》]+", re.IGNORECASE)
_AFTER_LINK: Final = ".,;:!?'\"*_~"


@lru_cache(maxsize=2048)
def render(text: str) -> SafeString:
    """HTML of a message, safe to put in a page. The same text is rendered once."""
    made = _PARSER.render(text)
    return mark_safe(  # noqa: S308  cleaned against the list above
        nh3.clean(
            made,
            tags=_TAGS,
            attributes=_ATTRIBUTES,
            url_schemes=_SCHEMES,
            link_rel="noopener nofollow noreferrer",
            strip_comments=True,
        )
    )


def _text(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return mark_invisible(tokens[index].content)


def _code_inline(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return f"<code>{mark_invisible(tokens[index].content)}</code>"


def _code_block(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    language = (token.info.split() or [""])[0]
    inner = _highlighted(token.content, language)
    # Long lines scroll sideways, by the keyboard too.
    return f'<div class="code"><pre tabindex="0"><code>{inner}</code></pre></div>\n'


def _highlighted(code: str, language: str) -> str:
    """The code with Pygments' classes; plain where that finds nothing to go by.

    Invisible characters are marked instead, at the price of the colours: whoever hides
    something in code wants it to look like something else.
    """
    plain = mark_invisible(code)
    if not language or len(code) > _HIGHLIGHT_LIMIT or plain != escape(code):
        return plain
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except (ClassNotFound, ValueError):
        return plain
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


def _image_as_link(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    words = mark_invisible(token.content or source)
    return f'<a href="{escape(source)}">{words}</a>'


def _link_addresses(state: StateCore) -> None:
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


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("link_addresses", _link_addresses)
    parser.add_render_rule("text", _text)
    parser.add_render_rule("code_inline", _code_inline)
    parser.add_render_rule("fence", _code_block)
    parser.add_render_rule("code_block", _code_block)
    parser.add_render_rule("image", _image_as_link)
    return parser


_PARSER: Final = _parser()
