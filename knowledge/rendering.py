"""An article's Markdown as HTML, with its list of contents. Rendered once, at publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from knowledge.markdown import render
from knowledge.models import Article

RENDERER: Final = 1  # raised when the same Markdown comes out otherwise: `manage.py rerender`


@dataclass(frozen=True, slots=True)
class Rendered:
    """`contents`: a dict of `level` (2 or 3), `anchor` and `text` for each heading, in order."""

    html: str
    contents: list[dict[str, Any]]


def render_article(body: str, *, article: Article, language: str) -> Rendered:
    """Safe HTML of an article's text."""
    return Rendered(str(render(body)), [])
