"""What is new about gaps and loads since somebody was last told. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tickets.oncall.loads import Load
from tickets.oncall.qualification import Need
from tickets.periods import Period, joined, without


@dataclass(frozen=True, slots=True)
class Told:
    """Gaps by need and strains by person, as last told; nothing past `horizon` was known."""

    gaps: Mapping[Need, tuple[Period, ...]] = field(default_factory=dict)
    strains: frozenset[tuple[int, str]] = frozenset()
    horizon: dt.datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.gaps and not self.strains

    def knows(self, need: Need, gap: Period) -> bool:
        """Whether the gap was told. One that merely goes on past the horizon was."""
        if self.horizon is None or gap[0] >= self.horizon:
            return False
        rest = [(gap[0], min(gap[1], self.horizon))]
        for known in self.gaps.get(need, ()):
            rest = list(without(rest, known))
        return not rest

    def knows_load(self, load: Load) -> bool:
        return all((load.person, str(strain)) in self.strains for strain in load.strains)

    def and_gaps(self, more: Iterable[tuple[Need, Period]], horizon: dt.datetime) -> Told:
        """The same with some gaps told besides, up to that horizon at least."""
        gaps = {need: list(known) for need, known in self.gaps.items()}
        for need, gap in more:
            gaps.setdefault(need, []).append(gap)
        return Told(
            gaps={need: tuple(joined(known)) for need, known in gaps.items()},
            strains=self.strains,
            horizon=horizon if self.horizon is None else max(self.horizon, horizon),
        )


def written(told: Told) -> dict[str, Any]:
    """As JSON: instants in whole seconds since 1970."""
    return {
        "gaps": [
            [need.product, need.language, need.level, *(_seconds(one) for one in gap)]
            for need, gaps in told.gaps.items()
            for gap in gaps
        ],
        "strains": sorted([person, strain] for person, strain in told.strains),
        "horizon": _seconds(told.horizon) if told.horizon else None,
    }


def read(data: Mapping[str, Any]) -> Told:
    """What `written` wrote."""
    gaps: dict[Need, list[Period]] = {}
    for product, language, level, start, end in data["gaps"]:
        gaps.setdefault(Need(product, "", language, level), []).append((_at(start), _at(end)))
    return Told(
        gaps={need: tuple(known) for need, known in gaps.items()},
        strains=frozenset((person, strain) for person, strain in data["strains"]),
        horizon=_at(data["horizon"]) if data["horizon"] is not None else None,
    )


def _seconds(at: dt.datetime) -> int:
    """Rounded up, so that the end of a gap is never before what it was."""
    return -int(-at.timestamp() // 1)


def _at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
