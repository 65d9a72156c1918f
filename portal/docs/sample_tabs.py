"""Files of sample code as they are shown: side by side, in colours, each to copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from knowledge.article_text.sample_files import paths_in
from knowledge.highlighting import highlighted_file, lexer_of_file
from knowledge.models import ArticleFile

SHOWN: Final = 40_000  # characters of one file; the rest is in the download


@dataclass(frozen=True, slots=True)
class SampleTab:
    """`code` is safe HTML; `size` in bytes; `is_cut`: there is more in the file than is shown;
    `is_placed`: the text shows it where it speaks of it."""

    path: str
    language: str
    code: SafeString
    size: int
    is_cut: bool
    is_placed: bool


def sample_tabs(files: Iterable[ArticleFile], body: str) -> list[SampleTab]:
    """The files of an article with that text, in their order."""
    placed = paths_in(body)
    return [_tab(file, file.path in placed) for file in files]


def _tab(file: ArticleFile, is_placed: bool) -> SampleTab:
    text = bytes(file.content).decode("utf-8", errors="replace")
    lexer = lexer_of_file(file.path)
    return SampleTab(
        path=file.path,
        language=str(lexer.name) if lexer else "",
        code=SafeString("") if is_placed else _coloured(text[:SHOWN], file.path),
        size=file.size,
        is_cut=len(text) > SHOWN,
        is_placed=is_placed,
    )


def _coloured(text: str, path: str) -> SafeString:
    return mark_safe(highlighted_file(text, path))  # noqa: S308  escaped there
