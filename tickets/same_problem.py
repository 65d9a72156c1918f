"""Which tickets may be about one problem: by who wrote, about what, by which way, and when.

Pure: what is known of two tickets in, a likeness out.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

WINDOW: Final = dt.timedelta(hours=24)
SOON: Final = dt.timedelta(minutes=15)
ENOUGH: Final = 6

_SAME_MEMBER, _SAME_PRODUCT, _PRODUCT_UNKNOWN, _OTHER_WAY, _SOON = 3, 2, 1, 2, 2
_SAME_WORDS, _OTHER_WORDS = 2, -4  # the latter outweighs all that is not words

_TELLING: Final = 4  # words; a subject of fewer (“Help”, “Call to the hotline”) says nothing
_CODE: Final = re.compile(r"[1-9][0-9]{3,}|[^\W_]+_\w*[^\W_]")  # 1101, err_token_expired
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Known:
    """`product` is None where it is not known, as in a call; `opened_at` in UTC.

    `words` are those of the subject, as knowledge.search keeps words.
    """

    reporter: int
    product: int | None
    channel: str
    opened_at: dt.datetime
    words: frozenset[str] = frozenset()


def likeness(one: Known, other: Known) -> int:
    """0 or less for what cannot be the same problem; from `ENOUGH` on it is worth asking a person.

    The same member counts most; a different product speaks against, and one not known (as in
    most mails) a little less for it than the same. Somebody who has not been heard by one way
    tries another, so a different way counts, and so does the same quarter of an hour: by the
    same way and later, the same member rather has another problem, unless the words say
    otherwise. Subjects that have nothing to do with each other are two problems.
    """
    apart = abs(one.opened_at - other.opened_at)
    if apart > WINDOW:
        return 0
    known = one.product is not None and other.product is not None
    if known and one.product != other.product:
        return 0
    return (
        _SAME_MEMBER * (one.reporter == other.reporter)
        + (_SAME_PRODUCT if known else _PRODUCT_UNKNOWN)
        + _OTHER_WAY * (one.channel != other.channel)
        + _SOON * (apart <= SOON)
        + _by_words(one.words, other.words)
    )


def _by_words(one: frozenset[str], other: frozenset[str]) -> int:
    """What the subjects say: the same, something else, or nothing.

    The same: a common error code, or two words and more than a third of the shorter subject's.
    In one product half of all subjects have one word in common (“message”, “room”).
    """
    common = one & other
    shorter = min(len(one), len(other))
    if any(map(_CODE.fullmatch, common)) or (len(common) >= 2 and len(common) * 3 > shorter):
        return _SAME_WORDS
    if shorter < _TELLING or _is_chinese(one) != _is_chinese(other):
        return 0
    return _OTHER_WORDS


def _is_chinese(words: frozenset[str]) -> bool:
    return any(map(_CHINESE.match, words))
