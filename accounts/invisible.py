"""Characters that hide or reorder text, made visible.

A name or a line of code may carry bidirectional controls (text that reads differently from
what it is) or zero-width characters (two names that look the same). They are shown as a
marker instead of being obeyed.
"""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

_ZERO_WIDTH_JOINER = "\u200d"
_VARIATION_SELECTOR = "\ufe0f"

# C0 and C1 controls other than tab and line ends; soft hyphen; combining grapheme joiner;
# Arabic letter mark; Hangul, Khmer and Mongolian fillers; zero-width characters; directional
# marks, embeddings, overrides and isolates; byte order mark; interlinear and tag characters.
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
    "]"
)


def _joins_emoji(text: str, position: int) -> bool:
    """Whether the zero-width joiner at `position` ties two emoji together, as in 👩‍💻."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return (
        text[position] == _ZERO_WIDTH_JOINER
        and (before == _VARIATION_SELECTOR or unicodedata.category(before or " ") in {"So", "Sk"})
        and unicodedata.category(after or " ") == "So"
    )


def _parts(text: str) -> Iterator[tuple[str | SafeString]]:
    end = 0
    for match in _INVISIBLE.finditer(text):
        if _joins_emoji(text, match.start()):
            continue
        yield (text[end : match.start()],)
        code = f"U+{ord(match[0]):04X}"
        yield (format_html('<span class="control-char" title="{}">{}</span>', code, code),)
        end = match.end()
    yield (text[end:],)


def mark_invisible(text: str) -> SafeString:
    """Return plain `text` as safe HTML in which invisible characters are visible markers.

    The text is always escaped, also when it claims to be safe already: a marker inside an
    attribute of ready-made HTML would break that attribute.
    """
    plain = str.__str__(text)
    if _INVISIBLE.search(plain) is None:
        return escape(plain)
    return format_html_join("", "{}", _parts(plain))


def hides(text: str) -> bool:
    """Whether the text contains a character that would be marked."""
    return any(not _joins_emoji(text, match.start()) for match in _INVISIBLE.finditer(text))
