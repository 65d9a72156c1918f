"""What is going to happen when: the simulated time, and whatever people intend to do."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

Act = Callable[[dt.datetime], None]


@dataclass
class Diary:
    """Acts by their time; those of the same instant in the order they were put down."""

    now: dt.datetime
    _acts: list[tuple[dt.datetime, int, Act]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def at(self, when: dt.datetime, act: Act) -> None:
        heapq.heappush(self._acts, (max(when, self.now), next(self._numbers), act))

    def after(self, seconds: float, act: Act) -> None:
        self.at(self.now + dt.timedelta(seconds=seconds), act)

    def next_at(self) -> dt.datetime | None:
        return self._acts[0][0] if self._acts else None

    def do_next(self) -> None:
        self.now, _number, act = heapq.heappop(self._acts)
        act(self.now)
