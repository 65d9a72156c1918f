"""When to tell of what is wrong: once, again while it lasts, and when it is over. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from portal.watchdog.decision import Trouble, span

SURE_AFTER: Final = 4.0  # seconds: longer than one look, so that a single odd one tells nothing
OVER_AFTER: Final = 20.0  # seconds without it
REPEAT_AFTER: Final = 900.0


class Word(Enum):
    """What a notice says of its troubles."""

    NEW = "Trouble"
    STILL = "Still in trouble"
    OVER = "Recovered"


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to whoever keeps Vigil running."""

    word: Word
    keys: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ongoing:
    """A trouble as known so far; times are seconds of one clock that never goes back."""

    text: str
    first: float
    last: float
    told: float | None = None


State = Mapping[str, Ongoing]
CALM: Final[State] = MappingProxyType({})


def step(state: State, troubles: Sequence[Trouble], now: float) -> tuple[State, list[Notice]]:
    """The state after `troubles` were seen at `now`, and what is to be told, at most one of each.

    A trouble is told when it was seen for `SURE_AFTER` and again every `REPEAT_AFTER`; it is
    over when it was not seen for `OVER_AFTER`, which is told if its beginning was.
    """
    after = dict(state)
    for trouble in troubles:
        known = after.get(trouble.key) or Ongoing(trouble.text, first=now, last=now)
        after[trouble.key] = replace(known, text=trouble.text, last=now)
    lines: dict[Word, dict[str, str]] = {word: {} for word in Word}
    for key, known in list(after.items()):
        if now - known.last > OVER_AFTER:
            del after[key]
            if known.told is not None:
                lines[Word.OVER][key] = (
                    f"{known.text} (over after {span(known.last - known.first)})"
                )
        elif known.told is None:
            if known.last - known.first >= SURE_AFTER:
                lines[Word.NEW][key] = known.text
                after[key] = replace(known, told=now)
        elif now - known.told >= REPEAT_AFTER and known.last == now:
            lines[Word.STILL][key] = known.text
            after[key] = replace(known, told=now)
    notices = [
        Notice(word, tuple(told), tuple(told.values())) for word, told in lines.items() if told
    ]
    return after, notices
