"""Where in a mail's lines a quoted mail begins.

Mail programs announce what they quote in one of three ways: a sentence ("On … X wrote:"), a
block of labels ("From: … Sent: … To: …"), or a line of dashes. A person may write all of these
too. What tells them apart: programs give the full date and the time or address, and nothing
else; and their blocks always have a date.

All functions look at a bounded number of lines and characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tickets.intake.mail.quote_words import (
    BARE_SEPARATOR,
    LABELS,
    LAST_VERB,
    MIDDLE_VERB,
    QUOTING,
    REPLY_ABOVE,
    SEPARATOR,
    Label,
)
from tickets.intake.mail_marker import is_marker

MOST_HEAD_LINES: Final = 5  # of a sentence wrapped by its program
MOST_HEAD: Final = 600  # characters of such a sentence
MOST_BLOCK_LINES: Final = 40  # of a block; many people may be named in it
_FRONT: Final = 160  # characters within which such a sentence names a date or an address
CUT_MARK: Final = "\x01"  # a line put where HTML says that a quoted mail begins

_UNSEEN: Final = {
    **dict.fromkeys((0x00A0, 0x3000, 0x2002, 0x2003, 0x2009, 0x202F), " "),
    **dict.fromkeys(
        (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
    ),
}
_ADORNMENT: Final = re.compile(r"[\s>|*_\u200e\u200f\ufeff]*")
_MAIL: Final = re.compile(r"[^\s<>()\[\]:;,\"'：，（]{1,64}@[^\s<>()\[\]:;,\"'：，）]{1,253}")
_BRACKETED_MAIL: Final = re.compile(
    r"(?:[<(\[＜（]\s?){1,2}(?:mailto:\s?)?[^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,253}"
    r"(?:\s?<\s?mailto:[^<>\s]{1,320}>)?(?:\s?[>)\]＞）]){1,3}"
)
_DIGIT: Final = re.compile(r"\d")  # every date has one; most lines have none
_DATE: Final = re.compile(
    r"\d{4} ?(?:[-/.]|年|년) ?\d{1,2} ?(?:[-/.]|月|월) ?\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}(?!\d)"
    r"|(?<!\d)\d{1,2}(?:\.|st|nd|rd|th|º|er)?,? (?:de |d'|of |thg )?[^\s\d,]{1,14},?(?: de|"
    r" del)? \d{4}(?!\d)"
    r"|(?<!\d)\d{1,2} thg \d{1,2},? \d{4}(?!\d)"
    r"|[^\W\d]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:at )?\d{4}(?!\d)"
    r"|(?<!\d)\d{4}\. [^\s\d]{3,12} \d{1,2}(?!\d)"
    r"|\d{4}-[A-Z][a-z]{2}-\d{1,2}|(?<!\d)\d{1,2}-[^\W\d]{3,9}-\d{2,4}(?!\d)"
)
_DATE_WITHOUT_YEAR: Final = re.compile(
    r"[^\W\d]{3,12}\.? \d{1,2}(?!\d)|(?<!\d)\d{1,2}\.? [^\W\d]{3,12}|\d{1,2}月\d{1,2}日|"
    r"(?<!\d)\d{1,2}[/.]\d{1,2}(?!\d)"
)
_TIME: Final = re.compile(
    r"(?<!\d)\d{1,2} ?(?::|：|h|\.|时|時|点|點) ?\d{2}(?!\d)|(?<!\d)\d{1,2} ?(?:[ap]\.?m\.?|Uhr)\b",
    re.I,
)
_LINE_END: Final = " \t*_>=\u200e\u200f"  # what programs leave behind the colon
_DASHES: Final = ("--", "—-", "-—", "——")
_ENDS_WITH_VERB: Final = re.compile(r"[>)\]],? ?[^\s<>@]{2,12}(?: [^\s<>@]{2,12})?$")
_AFTER_LAST_VERB: Final = re.compile(
    r"[\s,，:：*_=>\u200e\u200f-]*(?:[<(\[（].{0,160}[>)\]）])?[\s,，:：*_=>\u200e\u200f-]*"
)
_LABEL: Final = re.compile(
    r"\|? {0,4}([^\W\d_](?:[^\W\d_]|[ \u3000\t'’./-]|[\u0300-\u036f\u0e31-\u0e4e]){0,24}?)"
    r"[ \u3000\t]{0,4}(?:[:：]|(?<=[\u2e80-\u9fff\uac00-\ud7af])[ ]?[|\t])"
    r"[ \u3000|]{0,4}(.{0,2000})"
)
_RULE: Final = re.compile(r"[-_=—─＿－*]{2,}")
_ONLY_BEGUN: Final = re.compile(
    r"(?:on|am|le|el|il giorno|il|op|em|den|w dniu|dnia|dne|på|pe|в|at|在|于|"
    r"於)(?: [^\s.!?]{1,20}){0,2}",
    re.I,
)
_SENTENCE: Final = re.compile(r"[.!?。！？…]\s")
# Words no name begins with: "On 5/3/2024 10:12 the server wrote:" is a person's sentence.
_NO_NAME: Final = re.compile(
    r"(?:the|a|an|our|my|your|his|her|their|it|he|she|we|they|i|you|this|that|one|some|der|die|das|"
    r"ein|eine|unser|mein|er|sie|wir|ich|le|la|les|un|une|notre|mon|il|elle|el|los|su|nuestro|"
    r"system|server|user|customer|client|log|app)\b|(?:系统|服务|日志|程序|客户端|用户|客户|我们|"
    r"我|他|她|它|你|"
    r"您|有人|同事|老板|领导|程序|机器人|数据库|后台|前台|控制台)",
    re.I,
)
_SPEAKS_ABOUT: Final = re.compile(
    r"[在于里中向对给把被将又还也就都只曾并]|日志|公告|文档|群里|报告|合同|聊天|微信"
)


@lru_cache(maxsize=64)  # each line is looked at in several ways, one after the other
def bare(line: str) -> str:
    """The line without marks of quotation, emphasis and tables at its begin, and without NBSP."""
    spaced = line.replace("&nbsp;", " ")
    if not spaced.isascii():
        spaced = spaced.translate(_UNSEEN)
    return spaced[_ADORNMENT.match(spaced).end() :].rstrip(" *_\t")  # type: ignore[union-attr]


def is_quoted(line: str) -> bool:
    stripped = line.lstrip(" \t\u00a0")
    return stripped.startswith((">", "＞")) and not stripped.startswith(">>>>>>>>")


def head_at(lines: Sequence[str], at: int) -> tuple[int, bool] | None:
    """Where the head that begins at line `at` ends, if one does.

    The second value says that whatever follows belongs to the quoted mail, marked or not.
    """
    if lines[at].strip() == CUT_MARK:
        return at + 1, True
    if not lines[at].strip() or len(lines[at]) > 4 * MOST_HEAD:
        return None
    if is_marker(bare(lines[at])):  # of ours: below it is nothing but our own mail
        return at + 1, True
    if (end := _separator_end(lines, at)) is not None:
        return end, True
    if (end := _block_end(lines, at)) is not None:
        return end, True
    if (end := _sentence_end(lines, at)) is not None:
        return end, not is_quoted(_next_line(lines, end))
    return None


def _separator_end(lines: Sequence[str], at: int) -> int | None:
    line = bare(lines[at])
    if len(line) > 160:
        return None
    plain = lines[at].replace("&nbsp;", " ").replace("\u00a0", " ").strip("> \t")
    if SEPARATOR.fullmatch(plain) or REPLY_ABOVE.fullmatch(plain):
        return at + 1
    following = _next_index(lines, at + 1)
    if following is None:
        return None
    if _RULE.fullmatch(plain):  # a rule counts only with the head that follows it
        for number in range(following, min(following + 2, len(lines))):
            if (end := _block_end(lines, number)) is not None:
                return end
            if not _RULE.fullmatch(lines[number].strip()):
                break
        return None
    if BARE_SEPARATOR.fullmatch(plain) and (
        is_quoted(lines[following]) or _block_end(lines, following, fewest=2) is not None
    ):
        return at + 1
    return None


def _block_end(lines: Sequence[str], at: int, fewest: int = 3) -> int | None:
    """The end of a block of labels that names at least who and when, and `fewest` in all."""
    first = _label_of(lines[at])
    if first is None or first[0] not in (Label.FROM, Label.DATE, Label.TO, Label.SUBJECT):
        return None
    found: dict[Label, str] = {first[0]: first[1]}
    end, loose, number = at + 1, 0, at + 1
    while number < min(len(lines), at + MOST_BLOCK_LINES):
        label = _label_of(lines[number])
        if label is not None:
            if label[0] in found and label[0] in (Label.FROM, Label.DATE, Label.SUBJECT):
                break
            found[label[0]] = label[1] or bare(
                lines[number + 1 : number + 2][0] if lines[number + 1 : number + 2] else ""
            )
            end, loose = number + 1, 0
        elif Label.SUBJECT in found and Label.FROM in found and Label.DATE in found:
            break
        elif lines[number].strip(" |>*\u00a0"):
            loose += 1
            if loose > 4:
                break
        number += 1
    has_date = Label.DATE in found and any(sign.isdigit() for sign in found[Label.DATE])
    if Label.FROM not in found or not has_date or len(set(found) - {Label.OTHER}) < fewest:
        return None
    return end


def _label_of(line: str) -> tuple[Label, str] | None:
    found = _LABEL.match(bare(line))
    if found is None:
        return None
    word = found[1].replace("*", "").strip().lower()
    label = LABELS.get(word) or LABELS.get(word.replace(" ", ""))
    return (label, found[2].strip(" *|\t")) if label else None


def _sentence_end(lines: Sequence[str], at: int) -> int | None:
    """The end of "On … X wrote:", which programs wrap over several lines.

    Where a later line begins such a sentence by itself, the lines above it are the sender's.
    """
    end = _whole_sentence(lines, at)
    if end is None:
        return None
    start = _start_of(lines[at])
    if _BRACKETED_MAIL.search(start) or _ONLY_BEGUN.fullmatch(start):
        return end
    for later in range(at + 1, end):
        if _DATE.search(_start_of(lines[later])) and _whole_sentence(lines, later) == end:
            return None
    return end


def _start_of(line: str) -> str:
    return bare(line).lstrip("-= ")


def _whole_sentence(lines: Sequence[str], at: int) -> int | None:
    joined = _start_of(lines[at])
    if not joined or not _may_begin(joined):
        return None
    for number in range(at, min(at + MOST_HEAD_LINES, len(lines))):
        if number > at:
            line = bare(lines[number])
            joined = f"{joined} {line}"
            if not line or len(joined) > MOST_HEAD:
                return None
        if _may_end(joined) and _is_sentence(joined, lines, number + 1):
            return number + 1
    return None


def _may_end(joined: str) -> bool:
    """Whether a program ends its sentence so: with a colon, dashes, or an address and a verb."""
    if joined.rstrip(_LINE_END).endswith((":", "：")) or joined.rstrip().endswith(_DASHES):
        return True
    has_bracket = ">" in joined or ")" in joined or "]" in joined
    return has_bracket and _ENDS_WITH_VERB.search(joined) is not None


def _may_begin(start: str) -> bool:
    """Whether a sentence of a program may begin so: with a date or an address, near the front."""
    front = start[:_FRONT]
    if _DIGIT.search(front) and (found := _DATE.search(front) or _DATE_WITHOUT_YEAR.search(front)):
        before = start[: found.start()]
        return len(before) <= 40 and len(before.split()) <= 5 or "@" in before
    if "@" in front and (found := _MAIL.search(front)):
        return found.start() <= 80 and not _SENTENCE.search(start[: found.start()])
    return (
        len(start) <= 80
        and (start[:1].isupper() or start[:1] in "\"'“在于於")
        and (start[-1] not in ".!?。！？")
    )


def _is_sentence(joined: str, lines: Sequence[str], end: int) -> bool:
    mail, date, time = _MAIL.search(joined), _DATE.search(joined), _TIME.search(joined)
    quoted_next = is_quoted(_next_line(lines, end))
    if quoted_next and QUOTING.fullmatch(joined):
        return True
    if date is None and not (quoted_next or (mail and time and _DATE_WITHOUT_YEAR.search(joined))):
        return False
    if not (mail or time or quoted_next):
        return False
    if date and time and _ends_with_address(joined):
        return True
    last = _last_of(LAST_VERB, joined)
    if last is not None and _says_no_more(joined, last.end()):
        if mail and (date or time or quoted_next):
            return True
        is_sure = quoted_next or "来信" in last.group()
        return _is_name(joined, last.start(), loosely=is_sure)
    middle = MIDDLE_VERB.search(joined)
    if middle is None:
        return False
    rest = joined[middle.end() :].strip(" :*")
    return bool(mail) or quoted_next or (0 < len(rest.split()) <= 6 and not _NO_NAME.match(rest))


def _says_no_more(joined: str, at: int) -> bool:
    """Whether after the verb there is nothing, or only a date or an address."""
    if _AFTER_LAST_VERB.fullmatch(joined, at):
        return True
    rest = _TIME.sub("", _DATE.sub("", joined[at:])).strip(" ,:：*=-")
    return _DATE.search(joined, at) is not None and len(rest) <= 8 and len(rest.split()) <= 2


def _last_of(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007  # the last of them
        pass
    return found


def _ends_with_address(joined: str) -> bool:
    last = _last_of(_BRACKETED_MAIL, joined)
    return last is not None and not joined[last.end() :].strip(" :：*_\u200e\u200f")


def _is_name(joined: str, verb_at: int, *, loosely: bool) -> bool:
    """Whether between date and verb there is what may be a name, and no sentence."""
    ends = [found.end() for found in _DATE.finditer(joined, 0, verb_at)]
    ends += [found.end() for found in _TIME.finditer(joined, 0, verb_at)]
    between = joined[max(ends, default=0) : verb_at]
    between = re.sub(
        r"^[\s,，:：\d.()（）+-]*(?:[ap]\.?m\.?|GMT|UTC|CST|CET|Uhr)?[\s,，+\d:]*",
        "",
        between,
        flags=re.I,
    )
    name = between.strip(" ,，\"'“”")
    if loosely:
        return len(name) <= 120
    if not name and (found := _DATE.search(joined)):  # "X 在 … 写道："
        before = joined[: found.start()].rstrip()
        name = before[:-1].strip() if before.endswith(("在", "于", "於")) else ""
    if not name or len(name) > 60 or len(name.split()) > 5 or _NO_NAME.match(name):
        return False
    return not _SPEAKS_ABOUT.search(name)


def _next_index(lines: Sequence[str], start: int) -> int | None:
    for number in range(start, min(start + 6, len(lines))):
        if lines[number].strip(" \t\u00a0|"):
            return number
    return None


def _next_line(lines: Sequence[str], start: int) -> str:
    found = _next_index(lines, start)
    return lines[found] if found is not None else ""
