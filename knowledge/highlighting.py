"""Code in colours: Pygments' classes, which `static/css/code.css` knows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from django.utils.html import escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from accounts.invisible import mark_invisible

LIMIT: Final = 20_000  # characters of one block; beyond, code is shown plain
_FORMATTER: Final = HtmlFormatter(nowrap=True)
# White space, punctuation, operators and plain names have no colour: no need to say so each time.
_COLOURLESS: Final = re.compile(r'<span class="(?:w|p|o|n|nx|nv|py|esc|x)">([^<]*)</span>')


def highlighted(code: str, language: str) -> str:
    """The code as safe HTML; plain where Pygments finds nothing to go by."""
    return _coloured(code, lexer_of(language) if language else None)


@lru_cache(maxsize=512)
def highlighted_file(code: str, path: str) -> str:
    """The content of a file as safe HTML, in the language its name says."""
    return _coloured(code, lexer_of_file(path))


def lexer_of(language: str) -> Any:
    """The lexer of that name, or None."""
    try:
        return get_lexer_by_name(language, stripnl=False)
    except (ClassNotFound, ValueError):
        return None


def lexer_of_file(path: str) -> Any:
    """The lexer for a file of that name, or None."""
    try:
        return get_lexer_for_filename(path, stripnl=False)
    except (ClassNotFound, ValueError):
        return None


def _coloured(code: str, lexer: Any) -> str:
    """Invisible characters are marked instead of the code coloured: whoever hides something in
    code wants it to look like something else."""
    plain = mark_invisible(code)
    if lexer is None or len(code) > LIMIT or plain != escape(code):
        return plain
    return _COLOURLESS.sub(r"\1", str(highlight(code, lexer, _FORMATTER)))
