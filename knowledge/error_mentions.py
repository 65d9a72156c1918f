"""Find error codes in what somebody wrote.

A name (`ERR_TOKEN_EXPIRED`) speaks for itself. A number does only beside a word that says it is
an error, or in a log's line of ours; alone it counts when the product is known and has such a
code of four digits or more. Numbers mean different things in different products, so without a
product all meanings are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from knowledge.models import ErrorCode, Product

LONGEST_TEXT: Final = 100_000  # characters looked at
MOST: Final = 12  # codes given

_NAME: Final = re.compile(r"(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])")
_NUMBER: Final = re.compile(r"(?<![\w.,:/-])-?[0-9]{3,6}(?![\w:/-]|[.,][0-9])")
# "error 1102", "code: 1102", "errorCode=1102", "错误码 1102", "E/IMCore: 1102"
_SAID: Final = re.compile(
    r"(?:\b(?:error|err|errno|code|status|failed)\b|errorcode|错误码|错误代码|错误|报错|返回码|[EWF]/\w{1,30}:)"
    r"[\s\"'“”(（:：=#]{0,4}(?:code\b)?[\s\"'“”(（:：=#]{0,4}(-?[0-9]{1,6})(?![\w.])",
    re.IGNORECASE,
)
_YEARS: Final = range(1990, 2100)
_LARGEST: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text seems to name. `said` are numbers it calls errors, `bare` the others."""

    names: tuple[str, ...]
    said: tuple[int, ...]
    bare: tuple[int, ...]


def mentions(text: str) -> Mentions:
    """Pure, in the order of the text, each once."""
    text = text[:LONGEST_TEXT]
    said = dict.fromkeys(int(one) for one in _SAID.findall(text))
    bare = dict.fromkeys(
        number
        for one in _NUMBER.findall(text)
        if (number := int(one)) not in said and abs(number) >= 1000 and number not in _YEARS
    )
    names = dict.fromkeys(_NAME.findall(text))
    return Mentions(tuple(names)[:100], tuple(said)[:100], tuple(bare)[:100])


def error_codes_in(text: str, *, product: Product | None, platform: str = "") -> list[ErrorCode]:
    """The codes a text names, in its order; one query, none when it names none."""
    found = mentions(text)
    named = Q(name__in=found.names) | Q(number__in=found.said)
    if product is not None:
        named |= Q(number__in=found.bare)
    if not (found.names or found.said or (product is not None and found.bare)):
        return []
    rows = ErrorCode.objects.filter(named).select_related("product", "article")
    if product is not None:
        rows = rows.filter(product=product)
    if platform:
        rows = rows.filter(platform__in=["", platform])
    return _in_order(rows, found)


def _in_order(rows: Iterable[ErrorCode], found: Mentions) -> list[ErrorCode]:
    names = {name: place for place, name in enumerate(found.names)}
    numbers = {number: place for place, number in enumerate((*found.said, *found.bare))}

    def place(row: ErrorCode) -> tuple[int, int]:
        if row.name in names:
            return (0, names[row.name])
        return (1, numbers.get(row.number or 0, _LARGEST))

    return sorted(rows, key=place)[:MOST]
