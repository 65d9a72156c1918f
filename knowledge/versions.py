"""Versions as the SDK numbers them: semantic versioning, read leniently and compared exactly.

Pure. `5.2`, `v5.2.1` and `5.2.1-rc.1+build7` are understood; a build's name does not order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final

_FORM: Final = re.compile(
    r"v?(?P<major>\d{1,5})(?:\.(?P<minor>\d{1,5}))?(?:\.(?P<patch>\d{1,5}))?"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
LONGEST: Final = 40  # characters
_STAGES: Final = ("alpha", "beta", "rc")


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    major: int
    minor: int = 0
    patch: int = 0
    pre: tuple[str, ...] = ()

    def __str__(self) -> str:
        number = f"{self.major}.{self.minor}.{self.patch}"
        return f"{number}-{'.'.join(self.pre)}" if self.pre else number

    def __lt__(self, other: Version) -> bool:
        return self.sort_key < other.sort_key

    @property
    def sort_key(self) -> list[int]:
        """Integers that order as the versions do, for a column of the database.

        A pre-release comes before its release; alpha, beta, rc and their number order among
        themselves, any other name comes before them.
        """
        number = [self.major, self.minor, self.patch]
        if not self.pre:
            return [*number, 1, 0, 0]
        name = self.pre[0].lower()
        stage = _STAGES.index(name) + 1 if name in _STAGES else 0
        last = self.pre[-1]
        return [*number, 0, stage, int(last[:9]) if last.isdigit() else 0]


def parse(text: str) -> Version:
    """The version that is written there; `ValueError` when none is."""
    match = _FORM.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if match is None:
        raise ValueError(text[:LONGEST])
    return Version(
        int(match["major"]),
        int(match["minor"] or 0),
        int(match["patch"] or 0),
        tuple(match["pre"].split(".")) if match["pre"] else (),
    )


@dataclass(frozen=True, slots=True)
class VersionRange:
    """From `first` on (None: any), before `before` (None: for ever)."""

    first: Version | None = None
    before: Version | None = None

    def __contains__(self, version: Version) -> bool:
        return (self.first is None or self.first <= version) and (
            self.before is None or version < self.before
        )

    def __str__(self) -> str:
        first = f">={self.first}" if self.first else ""
        before = f"<{self.before}" if self.before else ""
        return ",".join(filter(None, (first, before)))


def parse_range(text: str) -> VersionRange:
    """`>=4.0,<6` as a range; `ValueError` for another form or one that holds no version."""
    first = before = None
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        if part.startswith(">=") and first is None:
            first = parse(part[2:])
        elif part.startswith("<") and not part.startswith("<=") and before is None:
            before = parse(part[1:])
        else:
            raise ValueError(text)
    if first is not None and before is not None and not first < before:
        raise ValueError(text)
    return VersionRange(first, before)
