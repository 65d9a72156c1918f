"""Markdown of articles: what GitHub's has, and code tabs, and files in their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from accounts.invisible import mark_invisible
from knowledge.article_text import code_tabs, headings
from knowledge.article_text.surroundings import Surroundings
from knowledge.article_text.targets import REL
from knowledge.bare_links import link_addresses
from knowledge.highlighting import highlighted, highlighted_file
from knowledge.markdown import DEEPEST, boxed, code_inline, text

_COLOURED_AT_MOST: Final = 300_000  # characters of code in one article; beyond, it is shown plain
_WIDE: Final = ("W", "F")  # in Unicode's table of widths: Chinese characters and punctuation

Tokens = Sequence[Token]


def _fence(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    return _code(tokens[index], env)


def _tabs(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    env["tabs"] = env.get("tabs", 0) + 1
    return code_tabs.written(tokens[index], env["tabs"], lambda token: _code(token, env))


def _code(token: Token, env: Any) -> str:
    language = (token.info.split() or [""])[0]
    return boxed(highlighted(token.content, language if _may_colour(token.content, env) else ""))


def _may_colour(code: str, env: Any) -> bool:
    env["coloured"] = env.get("coloured", 0) + len(code)
    return bool(env["coloured"] <= _COLOURED_AT_MOST)


def _sample_file(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    about: Surroundings = env["about"]
    path = tokens[index].meta["path"]
    code = about.samples.get(path)
    if code is None:
        about.miss("file", path)
        return f"<p><code>{mark_invisible(path)}</code></p>\n"
    coloured = highlighted_file(code, path) if _may_colour(code, env) else mark_invisible(code)
    return (
        f'<figure class="code-file"><figcaption>{mark_invisible(path)}</figcaption>'
        f"{boxed(coloured)}</figure>\n"
    )


def _image(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    words = self.renderInlineAsText(token.children, options, env)
    if elsewhere := token.meta.get("elsewhere"):
        shown = mark_invisible(words or elsewhere)
        return f'<a href="{escape(elsewhere)}" rel="{REL}">{shown}</a>'
    picture = token.meta.get("picture")
    if picture is None:
        return mark_invisible(words)
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    title = token.attrs.get("title")
    return (
        f'<img src="{escape(token.meta["address"])}" alt="{escape(words)}"{size}'
        f"{_attribute('title', title)}"
        ' loading="lazy" decoding="async">'
    )


def _attribute(name: str, value: object) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _heading_close(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    anchor = str(tokens[index - 2].attrs["id"])
    return f"{headings.permalink(anchor)}</{tokens[index].tag}>\n"


def _alert_open(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    return f'<div class="note note-{tokens[index].meta["kind"].lower()}">\n'


def _alert_title(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    # The word that follows is the kind's English name.
    tokens[index + 1].children = [
        Token("text", "", 0, content=_kind_of_note(tokens[index + 1].content))
    ]
    return '<p class="note-title">'


def _kind_of_note(kind: str) -> str:
    """What stands above a note, in the language of the text."""
    names = {
        "Note": _("Note"),
        "Tip": _("Tip"),
        "Important": _("Important"),
        "Warning": _("Warning"),
        "Caution": _("Caution"),
    }
    return names[kind]


def _table_open(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    # Wide tables scroll sideways, by the keyboard too.
    return '<div class="article-table" tabindex="0"><table>\n'


def _table_close(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _cell(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    aligned = str(token.attrs.get("style", "")).removeprefix("text-align:")
    return f"<{token.tag}{_attribute('class', aligned and f'align-{aligned}')}>"


def _softbreak(self: RendererHTML, tokens: Tokens, index: int, options: Any, env: Any) -> str:
    """Between Chinese characters the end of a line is no space."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return "" if _is_wide(before) and _is_wide(after) else "\n"


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in _WIDE


def _parser() -> MarkdownIt:
    options = {"html": False, "maxNesting": DEEPEST, "alerts": True}
    parser = MarkdownIt("commonmark", options)
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("link_addresses", link_addresses)
    rules = {
        "text": text,
        "code_inline": code_inline,
        "fence": _fence,
        "code_block": _fence,
        "code_tabs": _tabs,
        "sample_file": _sample_file,
        "image": _image,
        "heading_close": _heading_close,
        "alert_open": _alert_open,
        "alert_title_open": _alert_title,
        "table_open": _table_open,
        "table_close": _table_close,
        "th_open": _cell,
        "td_open": _cell,
        "softbreak": _softbreak,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


PARSER: Final = _parser()
