"""Markdown written by people, as HTML that is harmless whatever they wrote.

Two walls: the parser lets no raw HTML through, and what it makes is cleaned against an
explicit list. Nothing is fetched from elsewhere when a message is read: an image becomes a
link to it. Characters that hide or reorder text become visible markers.

Articles, which may do more, are rendered by `knowledge.rendering`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from accounts.invisible import mark_invisible
from knowledge.bare_links import link_addresses
from knowledge.highlighting import highlighted

TAGS: Final = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li"),
    *("em", "strong", "s", "code", "pre", "a", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "ol": {"start"},
    "span": {"class", "title"},
    "div": {"class"},
    "pre": {"tabindex"},
}
SCHEMES: Final = {"http", "https", "mailto"}
DEEPEST: Final = 20  # lists in quotes in lists …; beyond, what is written stays as it is


@lru_cache(maxsize=2048)
def render(text: str) -> SafeString:
    """HTML of a message, safe to put in a page. The same text is rendered once."""
    made = _PARSER.render(text)
    return mark_safe(  # noqa: S308  cleaned against the list above
        nh3.clean(
            made,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener nofollow noreferrer",
            strip_comments=True,
        )
    )


def text(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Words, with what hides among them made visible."""
    return mark_invisible(tokens[index].content)


def code_inline(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return f"<code>{mark_invisible(tokens[index].content)}</code>"


def code_block(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    return boxed(highlighted(token.content, (token.info.split() or [""])[0]))


def boxed(code: str) -> str:
    """Code that is safe HTML already, as a block. Long lines scroll sideways, by keyboard too."""
    return f'<div class="code"><pre tabindex="0"><code>{code}</code></pre></div>\n'


def _image_as_link(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    words = mark_invisible(token.content or source)
    return f'<a href="{escape(source)}">{words}</a>'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("link_addresses", link_addresses)
    parser.add_render_rule("text", text)
    parser.add_render_rule("code_inline", code_inline)
    parser.add_render_rule("fence", code_block)
    parser.add_render_rule("code_block", code_block)
    parser.add_render_rule("image", _image_as_link)
    return parser


_PARSER: Final = _parser()
