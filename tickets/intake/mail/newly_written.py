"""What the sender newly wrote, apart from what they quote and sign with.

Nothing is deleted: what is folded away is given back too. When in doubt a line stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tickets.intake.mail.html_text import SIGNED_MARK, has_structure, marked_lines
from tickets.intake.mail.parsed import ParsedMail
from tickets.intake.mail.quote_heads import CUT_MARK, bare, head_at, is_quoted
from tickets.intake.mail.signatures import is_rule, is_sent_from, signature_at, trimmed

MOST_LINES: Final = 5_000  # that are looked at; what is beyond is folded
MOST_CHARACTERS: Final = 400_000  # likewise
_MOST_QUOTED_BETWEEN: Final = 15  # lines of a quote that stay because they are answered below

_IS_HTML: Final = re.compile(r"\s*<(?:!doctype html|html|head|body|div|p|blockquote|meta)\b", re.I)
_BLANK_ENTITIES: Final = re.compile(r"(?:&nbsp;|\s)*&nbsp;(?:&nbsp;|\s)*")


@dataclass(frozen=True, slots=True)
class Split:
    """`new` is never empty where the mail has any text; both without outer blank lines."""

    new: str
    folded: str


@dataclass(slots=True)
class _Run:
    """`cut` is where its signature begins, of what is no quote."""

    lines: list[str]
    is_quote: bool
    cut: int = 0


def split(mail: ParsedMail | str) -> Split:
    """Never raises; time in proportion to the text's length."""
    if isinstance(mail, str):
        return _split_html(mail) if _IS_HTML.match(mail) else _split_text(mail)
    if mail.text_from_html:
        return _split_html(mail.html)
    found = _split_text(mail.text)
    if found.folded or not has_structure(mail.html):
        return found
    marked = _split_html(mail.html)  # the plain part lost what the program had marked
    return marked if marked.folded else found


def _split_html(html: str) -> Split:
    return _split_text("\n".join(marked_lines(html)))


def _split_text(text: str) -> Split:
    text, rest = text[:MOST_CHARACTERS], text[MOST_CHARACTERS:]
    lines = [trimmed(line) for line in text.replace("\r\n", "\n").split("\n")]
    if any(_BLANK_ENTITIES.fullmatch(line) for line in lines[:200]):
        lines = [trimmed(line.replace("&nbsp;", " ")) for line in lines]
    beyond = lines[MOST_LINES:] + ([rest] if rest else [])
    runs = _runs(lines[:MOST_LINES])
    new, folded = _sort(runs)
    if not any(
        _is_said(line) for line in new
    ):  # a forwarded mail, or nothing but a signature: show it all
        return Split(_joined(lines[:MOST_LINES]), _joined(beyond))
    if not beyond and not _has_text(folded):
        return Split(_joined(text.replace("\r\n", "\n").split("\n")), "")
    while folded and (not new[-1].strip() or is_rule(new[-1])):
        folded.insert(0, new.pop())  # the line a program draws above what it quotes
    return Split(_joined(new), _joined([*folded, *beyond]))


def _runs(lines: list[str]) -> list[_Run]:
    """The text as runs of lines that are quoted or not, heads being part of what they announce."""
    runs: list[_Run] = []
    at = 0
    while at < len(lines):
        head = head_at(lines, at)
        if head is not None:
            end, takes_rest = head
            end = len(lines) if takes_rest else _quote_end(lines, end)
            _add(runs, lines[at:end], is_quote=True)
        elif lines[at].startswith(SIGNED_MARK):
            end = at + 1
            _add(runs, lines[at:end], is_quote=True)
        elif is_quoted(lines[at]):
            end = _quote_end(lines, at)
            _add(runs, lines[at:end], is_quote=True)
        else:
            end = at + 1
            _add(runs, lines[at:end], is_quote=False)
        at = end
    return runs


def _add(runs: list[_Run], lines: list[str], *, is_quote: bool) -> None:
    if runs and runs[-1].is_quote == is_quote:
        runs[-1].lines.extend(lines)
    else:
        runs.append(_Run(lines, is_quote))


def _quote_end(lines: list[str], at: int) -> int:
    """Behind the quoted lines, with the blank and the wrapped ones between them."""
    end = at
    number = at
    while number < len(lines):
        if is_quoted(lines[number]):
            end = number = number + 1
        elif not lines[number].strip():
            number += 1
        elif (
            number == end
            and number > at
            and len(lines[number - 1]) > 60
            and number + 1 < len(lines)
            and is_quoted(lines[number + 1])
        ):
            number += 1  # the rest of a quoted line that was wrapped
        else:
            break
    return end


def _sort(runs: list[_Run]) -> tuple[list[str], list[str]]:
    """What is new and what is folded, each in the order of the mail."""
    for run in runs:
        if run.is_quote:
            continue
        run.cut = signature_at(run.lines)
        if not _has_text(run.lines[: run.cut]):
            run.is_quote = run is not runs[0]  # nothing but a signature under a quote
    spoken = [
        number for number, run in enumerate(runs) if not run.is_quote and _has_text(run.lines)
    ]
    if not spoken:
        return [], [line for run in runs for line in run.lines]
    new: list[str] = []
    folded: list[str] = []
    for number, run in enumerate(runs):
        is_between = spoken[0] < number < spoken[-1]
        if not run.is_quote:
            new += run.lines[: run.cut]
            folded += run.lines[run.cut :]
        elif is_between and len(run.lines) <= _MOST_QUOTED_BETWEEN:
            new += run.lines
        else:
            folded += run.lines
    return new, folded


def _is_said(line: str) -> bool:
    return bool(bare(line)) and not is_sent_from(line) and not is_rule(line)


def _has_text(lines: list[str]) -> bool:
    return any(bare(line) and not is_sent_from(line) for line in lines)


def _joined(lines: list[str]) -> str:
    shown = (line.removeprefix(SIGNED_MARK) for line in lines if line.strip() != CUT_MARK)
    return "\n".join(shown).strip("\n")
