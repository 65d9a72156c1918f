"""An article's Markdown as HTML, with its list of contents. Rendered once, at publishing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils import translation
from markdown_it.token import Token

from knowledge.article_text import code_tabs, headings, sample_files, targets
from knowledge.article_text.cleaning import cleaned
from knowledge.article_text.image_size import size_of
from knowledge.article_text.parser import PARSER
from knowledge.article_text.surroundings import Picture, Problem, Surroundings
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile
from knowledge.models.article_file import FileKind

RENDERER: Final = 3  # raised when Markdown comes out otherwise; then `manage.py rerender_articles`
_LISTED: Final = 3  # levels of headings in the list of contents


@dataclass(frozen=True, slots=True)
class Rendered:
    """`contents`: a dict of `level` (2 or 3), `anchor` and `text` for each heading, in order.

    `problems`: what the text names and nobody has, each once.
    """

    html: str
    contents: list[dict[str, Any]]
    problems: tuple[Problem, ...] = ()


def render_article(body: str, *, article: Article, language: str) -> Rendered:
    """Safe HTML of an article's text, which may link to articles and show files there are now.

    Links to others are written `article:<key>#<anchor>`, images by their path in the article.
    Who is shown it gets the links they can follow: `article_text.followed_links`.
    """
    tokens = _parsed(body)
    about = _surroundings(article, language, tokens)
    return _rendered(tokens, about)


def _parsed(body: str) -> list[Token]:
    return code_tabs.grouped(sample_files.placed(PARSER.parse(body, {})))


def _rendered(tokens: list[Token], about: Surroundings) -> Rendered:
    found = headings.anchored(tokens)
    targets.resolve(tokens, about, {str(token.attrs.get("id", "")) for token in tokens})
    with translation.override(Language(about.language).locale):
        html = PARSER.renderer.render(tokens, PARSER.options, {"about": about})
    contents = [
        {"level": one.level, "anchor": one.anchor, "text": one.text}
        for one in found
        if one.level <= _LISTED and one.text
    ]
    return Rendered(cleaned(html), contents, tuple(about.problems))


def _surroundings(article: Article, language: str, tokens: list[Token]) -> Surroundings:
    about = Surroundings(article.key, language)
    about.articles, about.closed = _linkable(article, tokens)
    paths = targets.files_named(tokens)
    files = list(ArticleFile.objects.filter(article=article, path__in=paths)) if paths else []
    about.pictures = {file.path: _picture(file) for file in files if file.kind == FileKind.IMAGE}
    about.samples = dict(_samples(files))
    return about


def _linkable(article: Article, tokens: list[Token]) -> tuple[frozenset[str], frozenset[str]]:
    """Those of the articles named that exist, and those of them not all its readers can read."""
    keys = targets.articles_named(tokens)
    if not keys:
        return frozenset(), frozenset()
    others = Article.objects.filter(key__in=keys)
    there = frozenset(others.values_list("key", flat=True))
    return there, there.difference(others.open_to_readers_of(article).values_list("key", flat=True))


def _picture(file: ArticleFile) -> Picture:
    width, height = size_of(bytes(file.content)) or (None, None)
    return Picture(file.path, width, height)


def _samples(files: Iterable[ArticleFile]) -> Iterable[tuple[str, str]]:
    for file in files:
        if file.kind == FileKind.SAMPLE:
            yield file.path, bytes(file.content).decode("utf-8", errors="replace")
