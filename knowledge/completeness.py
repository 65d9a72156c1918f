"""How complete the documentation of a product is: one figure, with its formula. Pure.

The figure is the mean of its parts, each weighed; a part is a share, so many of so many. A part
that has nothing to count (no breaking change yet) neither helps nor hurts: its weight falls away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and how much it weighs."""

    key: str
    weight: int
    label: str | Promise


MEASURES: Final = (
    Measure("codes", 20, _("Error codes with a remedy in both languages, and an article")),
    Measure("notes", 15, _("Supported releases with notes in both languages")),
    Measure("breaking", 15, _("Breaking changes of the last three major versions with a guide")),
    Measure("kinds", 15, _("Platforms × guide, sample code and FAQ that there are")),
    Measure("languages", 15, _("Published articles that are current in both languages")),
    Measure("reviews", 10, _("Published articles with a review date that is not past")),
    Measure("questions", 10, _("Searches of the last 90 days that led to an opened page")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One measure, counted: `done` of `total`."""

    measure: Measure
    done: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when there is nothing to count."""
        return self.done / self.total if self.total else None

    @property
    def percent(self) -> int | None:
        """Rounded down: not all is never 100."""
        return self.done * 100 // self.total if self.total else None

    @property
    def missing(self) -> int:
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class Completeness:
    parts: tuple[Part, ...]

    @property
    def weight(self) -> int:
        """The weights of the parts that count."""
        return sum(part.measure.weight for part in self.parts if part.total)

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when there is nothing to count at all."""
        if not self.weight:
            return None
        weighed = sum(part.measure.weight * part.done / part.total for part in self.counted)
        return weighed / self.weight

    @property
    def percent(self) -> int | None:
        """Rounded down; what floats lose (29.999…) is not counted as missing."""
        return None if self.share is None else int(self.share * 100 + 1e-9)

    @property
    def counted(self) -> Sequence[Part]:
        return [part for part in self.parts if part.total]

    def points(self, part: Part) -> float:
        """How many of the 100 points a part brings."""
        return 100 * part.measure.weight * (part.share or 0) / self.weight if self.weight else 0.0


def completeness(counts: Mapping[str, tuple[int, int]]) -> Completeness:
    """From (done, total) for each measure's key; `ValueError` for more done than there is."""
    parts = []
    for measure in MEASURES:
        done, total = counts.get(measure.key, (0, 0))
        if not 0 <= done <= total:
            raise ValueError(f"{measure.key}: {done} of {total}")
        parts.append(Part(measure, done, total))
    return Completeness(tuple(parts))
