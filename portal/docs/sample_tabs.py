"""Files of sample code as they are shown: side by side, in colours, each to copy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from knowledge.highlighting import highlighted_file, lexer_of_file
from knowledge.models import ArticleFile

SHOWN: Final = 40_000  # characters of one file; the rest is in the download


@dataclass(frozen=True, slots=True)
class SampleTab:
    """`code` is safe HTML; `size` in bytes; `is_cut`: there is more in the file than is shown."""

    path: str
    language: str
    code: SafeString
    size: int
    is_cut: bool


def sample_tabs(files: Iterable[ArticleFile]) -> list[SampleTab]:
    return [_tab(file) for file in files]


def _tab(file: ArticleFile) -> SampleTab:
    text = bytes(file.content).decode("utf-8", errors="replace")
    lexer = lexer_of_file(file.path)
    return SampleTab(
        path=file.path,
        language=str(lexer.name) if lexer else "",
        code=mark_safe(highlighted_file(text[:SHOWN], file.path)),  # noqa: S308  escaped there
        size=file.size,
        is_cut=len(text) > SHOWN,
    )
