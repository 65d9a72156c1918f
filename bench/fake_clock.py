"""A clock that can be set, for processes started with its environment (libfaketime).

`apt-get install faketime` brings the library; nothing here changes the machine's own clock.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PLACES: Final = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/*MT.so.1")


def library() -> Path:
    """Where libfaketime is; leaves the script with a clear line when it is missing."""
    for pattern in PLACES:
        for found in Path("/").glob(pattern.lstrip("/")):
            return found
    print("This drill needs libfaketime, which is not here: apt-get install -y faketime")
    sys.exit(2)


@dataclass
class FakeClock:
    """The true time plus an offset in seconds; remembers when it had which.

    `moves` are (true time, offset from then on), in seconds since the epoch.
    """

    file: Path
    moves: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.set(0.0)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def offset(self) -> float:
        return self.moves[-1][1]

    def set(self, offset: float) -> None:
        whole = f"{offset:+.0f}\n"
        after = self.file.with_suffix(".next")
        after.write_text(whole)
        after.chmod(0o644)
        self.moves.append((time.time(), float(whole)))
        after.replace(self.file)  # at once: nobody reads half of it

    def highest(self, until: float) -> float:
        """The latest time this clock has shown up to that true time."""
        ends = [*(at for at, _offset in self.moves[1:] if at < until), until]
        return max(end + offset for (_at, offset), end in zip(self.moves, ends, strict=False))

    def waited(self, due: float, until: float) -> float:
        """For how many true seconds, up to `until`, this clock has shown `due` or later."""
        begin = until
        for (at, offset), end in zip(
            reversed([move for move in self.moves if move[0] < until]),
            [until, *(at for at, _offset in reversed(self.moves) if at < until)],
            strict=False,
        ):
            if end + offset < due:
                break
            begin = max(at, due - offset)
            if begin > at:
                break
        return until - begin
