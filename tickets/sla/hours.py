"""Opening hours of a day as a person writes them, "09:00" to "17:00"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tickets.refusal import Refusal, gettext_noop

DAY = 24 * 60
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `opens` to `closes`, in minutes after midnight of the day the span belongs to.

    `closes` is above 1440 when the span runs past midnight; it still belongs to the day it
    starts on. 1440 is "24:00". A span is longer than nothing and shorter than or as long as
    24 hours.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and self.opens < self.closes <= self.opens + DAY):
            raise ValueError(f"{self.opens} to {self.closes} minutes is no span of a day.")

    @classmethod
    def read(cls, opens: str, closes: str) -> "Span":
        """The span written as two 24-hour times; a closing time before the opening is tomorrow's.

        Refusal if a time cannot be read or both are the same (all day is 00:00 to 24:00).
        """
        start, end = minutes(opens), minutes(closes)
        if start == end or start == DAY:
            raise Refusal(
                gettext_noop("%(opens)s–%(closes)s is no time span; all day is 00:00–24:00."),
                opens=opens,
                closes=closes,
            )
        return cls(start, end if end > start else end + DAY)

    def __str__(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"


def minutes(written: str) -> int:
    """Minutes after midnight of "HH:MM", up to "24:00"; Refusal if it cannot be read."""
    if CLOCK.fullmatch(written.strip()) is None:
        raise Refusal(
            gettext_noop("“%(time)s” is not a time; write it as 09:00, at most 24:00."),
            time=written,
        )
    hour, minute = written.strip().split(":")
    return int(hour) * 60 + int(minute)


def clock(minute: int) -> str:
    """Minutes after midnight as "HH:MM"; those of the next day begin again at 00:01."""
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02}:{minute % 60:02}"


def read_spans(written: Iterable[Sequence[str]]) -> tuple[Span, ...]:
    """The spans of one day in order; Refusal if one cannot be read or two overlap."""
    spans: list[Span] = []
    for pair in written:
        if len(pair) != 2:
            raise Refusal(gettext_noop("A time span needs an opening and a closing time."))
        spans.append(Span.read(pair[0], pair[1]))
    spans.sort()
    for earlier, later in pairwise(spans):
        refuse_overlap(earlier, later)
    return tuple(spans)


def refuse_overlap(earlier: Span, later: Span, days_apart: int = 0) -> None:
    """Refusal if `earlier` is still open when `later`, of so many days afterwards, opens."""
    if later.opens + days_apart * DAY < earlier.closes:
        raise Refusal(
            gettext_noop("The time spans %(first)s and %(second)s overlap."),
            first=str(earlier),
            second=str(later),
        )
