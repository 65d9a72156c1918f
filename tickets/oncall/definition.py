"""How a roster is made, as written down in its versions: JSON in, pure layers out.

    {"time_zone": "Asia/Shanghai", "layers": [{"name": "Days", "members": [{"key": 7,
     "name": "Li Wei"}], "length": 1, "unit": "weeks", "starts_on": "2026-01-05",
     "hand_over_at": "08:00:00", "weekdays": [0, 1, 2, 3, 4], "from": "08:00:00",
     "until": "20:00:00"}]}

Times and dates are those of the wall in `time_zone`; `weekdays` (0 is Monday), `from` and
`until` are null for a layer that is on duty around the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from tickets.instants import zone_named
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.rotation import Rotation, Unit
from tickets.oncall.schedule import Layer
from tickets.refusal import Refusal, gettext_noop

# Turns are counted from the first day in both directions; outside these, dates run out.
FIRST_DAY: Final = dt.date(2000, 1, 1)
LAST_DAY: Final = dt.date(2099, 12, 31)
LONGEST: Final = 1000
# What a roster asks of people when shifts change: columns of its own, not part of a version.
MINUTES: Final = ("drill_minutes", "confirm_minutes", "note_minutes", "accept_minutes")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a rotation, by key and with the name they had then."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """A layer as it is typed in; wall-clock times. Without `weekdays`, around the clock."""

    name: str
    members: tuple[Member, ...]
    starts_on: dt.date
    hand_over_at: dt.time
    length: int = 1
    unit: str = Unit.WEEKS
    weekdays: frozenset[int] | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """How a roster is made."""

    time_zone: str
    layers: tuple[LayerPlan, ...]

    def pure(self) -> tuple[Layer, ...]:
        """The layers to reckon with; Refusal says what cannot work."""
        zone = zone_named(self.time_zone)
        return tuple(_layer(plan, zone) for plan in self.layers)

    def member_keys(self) -> set[int]:
        return {member.key for layer in self.layers for member in layer.members}


def _layer(plan: LayerPlan, zone: ZoneInfo) -> Layer:
    if not FIRST_DAY <= plan.starts_on <= LAST_DAY:
        raise Refusal(gettext_noop("The first day must lie between 2000 and 2099."))
    if not 1 <= plan.length <= LONGEST:
        raise Refusal(gettext_noop("A turn is 1 to 1000 long."))
    keys = [member.key for member in plan.members]
    rotation = Rotation(
        members=tuple(keys),
        starts_at=dt.datetime.combine(plan.starts_on, plan.hand_over_at, zone),
        length=plan.length,
        unit=Unit(plan.unit),
        zone=zone,
    )
    return Layer(rotation, _hours(plan, zone))


def _hours(plan: LayerPlan, zone: ZoneInfo) -> DutyHours | None:
    if plan.weekdays is None and plan.opens is None and plan.closes is None:
        return None
    if plan.opens is None or plan.closes is None:
        raise Refusal(gettext_noop("Duty hours need both a beginning and an end."))
    return DutyHours(plan.weekdays or frozenset(), plan.opens, plan.closes, zone)


def written(plan: RosterPlan) -> dict[str, Any]:
    """The plan as JSON."""
    return {"time_zone": plan.time_zone, "layers": [_written(one) for one in plan.layers]}


def _written(plan: LayerPlan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "members": [{"key": member.key, "name": member.name} for member in plan.members],
        "length": plan.length,
        "unit": str(plan.unit),
        "starts_on": plan.starts_on.isoformat(),
        "hand_over_at": plan.hand_over_at.isoformat(),
        "weekdays": None if plan.weekdays is None else sorted(plan.weekdays),
        "from": plan.opens.isoformat() if plan.opens else None,
        "until": plan.closes.isoformat() if plan.closes else None,
    }


def read(definition: Mapping[str, Any]) -> RosterPlan:
    """The plan that `written` wrote; KeyError, TypeError or ValueError if it did not."""
    return RosterPlan(
        time_zone=definition["time_zone"],
        layers=tuple(_read(layer) for layer in definition["layers"]),
    )


def _read(layer: Mapping[str, Any]) -> LayerPlan:
    weekdays: Iterable[int] | None = layer["weekdays"]
    return LayerPlan(
        name=layer["name"],
        members=tuple(Member(one["key"], one["name"]) for one in layer["members"]),
        starts_on=dt.date.fromisoformat(layer["starts_on"]),
        hand_over_at=dt.time.fromisoformat(layer["hand_over_at"]),
        length=layer["length"],
        unit=layer["unit"],
        weekdays=None if weekdays is None else frozenset(weekdays),
        opens=_time(layer["from"]),
        closes=_time(layer["until"]),
    )


def _time(text: str | None) -> dt.time | None:
    return None if text is None else dt.time.fromisoformat(text)
