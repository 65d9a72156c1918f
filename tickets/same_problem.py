"""Which tickets may be about one problem: by who wrote, about what, by which way, and when.

Pure: what is known of two tickets in, a likeness out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

WINDOW: Final = dt.timedelta(hours=24)
SOON: Final = dt.timedelta(minutes=15)
ENOUGH: Final = 6

_SAME_MEMBER, _SAME_PRODUCT, _PRODUCT_UNKNOWN, _OTHER_WAY, _SOON = 3, 2, 1, 2, 2


@dataclass(frozen=True, slots=True)
class Known:
    """`product` is None where it is not known, as in a call; `opened_at` in UTC."""

    reporter: int
    product: int | None
    channel: str
    opened_at: dt.datetime


def likeness(one: Known, other: Known) -> int:
    """0 for what cannot be the same problem; from `ENOUGH` on it is worth asking a person.

    The same member counts most; a different product speaks against, and one not known (as in
    most mails) a little less for it than the same. Somebody who has not been heard by one way
    tries another, so a different way counts, and so does the same quarter of an hour: by the
    same way and later, the same member rather has another problem.
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
    )
