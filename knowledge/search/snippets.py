"""The piece of a text that answers, with the words that were asked for marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from accounts.invisible import mark_invisible
from knowledge.search.words import forms

WIDTH: Final = 180  # characters of a snippet
_LEAD: Final = 40  # of them before the first hit
_READ: Final = 20_000  # characters looked at
_SIGNS: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_SIGN: Final = re.compile(f"[{_SIGNS}]")
_Hit = tuple[int, int, str]  # start and end in the text, and the form that was asked for
_WORD: Final = re.compile(rf"[^\W{_SIGNS}]+(?:[.\-:/][^\W{_SIGNS}]+)*")


def snippet(text: str, weights: Mapping[str, float]) -> SafeString:
    """About `WIDTH` characters around the weightiest words of the question; its start without."""
    text = text[:_READ]
    hits = _hits(text, weights)
    start = _best_start(hits, weights)
    end = min(len(text), start + WIDTH)
    start, end = _whole_words(text, start, end)
    piece = marked(text[start:end], weights)
    return mark_safe(  # noqa: S308  escaped in `marked`
        ("… " if start else "") + piece + (" …" if end < len(text) else "")
    )


def marked(text: str, weights: Mapping[str, float] | Collection[str]) -> SafeString:
    """The text as HTML, every word that was asked for inside <mark>."""
    asked = dict.fromkeys(weights, 1.0)
    made, at = [], 0
    for start, end in _joined(_hits(text, asked)):
        made.append(_safe(text[at:start]))
        made.append(f"<mark>{_safe(text[start:end])}</mark>")
        at = end
    made.append(_safe(text[at:]))
    return mark_safe("".join(made))  # noqa: S308  each piece is escaped


def emphasized(text: str, parts: Iterable[str]) -> SafeString:
    """The text as HTML, every place where one of the parts stands inside <mark>."""
    found = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True) if part)
    if not found:
        return mark_safe(_safe(text))  # noqa: S308  escaped
    pieces = re.split(f"({found})", text, flags=re.IGNORECASE)
    made = [
        f"<mark>{_safe(piece)}</mark>" if number % 2 else _safe(piece)
        for number, piece in enumerate(pieces)
    ]
    return mark_safe("".join(made))  # noqa: S308  each piece is escaped


def _safe(text: str) -> str:
    return str(mark_invisible(text)) if text else ""


def _hits(text: str, weights: Mapping[str, float]) -> list[_Hit]:
    """Each word asked for, in their order; Chinese by pairs of signs."""
    signs = _any_of(tuple(form for form in weights if _SIGN.match(form)))
    found = [(m.start(), m.end(1), m[1]) for m in signs.finditer(text)] if signs else []
    known: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match[0]
        form = known.get(word)
        if form is None:
            asked = [form for form in _forms(word) if form in weights]
            form = known[word] = max(asked, key=weights.__getitem__, default="")
        if form:
            found.append((match.start(), match.end(), form))
    return sorted(found)


@lru_cache(maxsize=256)
def _any_of(forms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Finds each place where one of them stands, as its first group; they may overlap."""
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))") if forms else None


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, ...]:
    return tuple(form for form, _surface in forms(word))


def _joined(hits: list[_Hit]) -> list[tuple[int, int]]:
    """Where they stand; what touches or overlaps as one."""
    made: list[tuple[int, int]] = []
    for start, end, _form in hits:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _best_start(hits: list[_Hit], weights: Mapping[str, float]) -> int:
    """Where the window begins that holds the most of what was asked, each word counted once."""
    best, best_weight = 0, 0.0
    for number, (start, _end, _form) in enumerate(hits):
        held = set()
        for other, _other_end, form in hits[number : number + 40]:
            if other >= start + WIDTH - _LEAD:
                break
            held.add(form)
        total = sum(map(weights.__getitem__, held))
        if total > best_weight:
            best, best_weight = start, total
    return max(0, best - _LEAD)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both ends outwards past the Latin word they cut, at most 20 characters."""
    for _ in range(20):
        if 0 < start and text[start - 1].isascii() and text[start - 1].isalnum():
            start -= 1
    for _ in range(20):
        if end < len(text) and text[end].isascii() and text[end].isalnum():
            end += 1
    return start, end
