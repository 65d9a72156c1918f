"""Render an article's text with what it may refer to, without a database."""

from __future__ import annotations

from typing import Any

from knowledge import rendering
from knowledge.article_text.surroundings import Surroundings
from knowledge.rendering import Rendered


def rendered(body: str, *, key: str = "about", language: str = "en", **known: Any) -> Rendered:
    about = Surroundings(key, language, **known)
    return rendering._rendered(rendering._parsed(body), about)


def html(body: str, **known: Any) -> str:
    return rendered(body, **known).html
