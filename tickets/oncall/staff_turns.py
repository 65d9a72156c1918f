"""Everyone of staff with the rosters they take turns in, read in one query."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.models.staff_profile import Level
from tickets.oncall.rotation import Rotation, Unit, on_duty

_ROSTER = "rostermember__roster__"


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active person of staff; `rotations` are those they take turns in, of people's keys."""

    pk: int
    name: str
    level: str
    products: tuple[str, ...]
    rotations: tuple[Rotation, ...]

    @property
    def is_lead(self) -> bool:
        return self.level == Level.LEAD

    @property
    def level_word(self) -> str:
        """In the reader's language."""
        return str(Level(self.level).label) if self.level in Level.values else self.level

    def on_duty_until(self, at: dt.datetime) -> dt.datetime | None:
        """The end (UTC) of their turn under way at `at`; None when they are off duty."""
        turns = [on_duty(rotation, at) for rotation in self.rotations]
        return max((turn.ends_at for turn in turns if turn.member == self.pk), default=None)


def colleagues() -> list[Colleague]:
    """All active people of staff, by name."""
    rows = (
        User.objects.filter(is_staff=True)
        .order_by("name", "pk", "rostermember__roster", "rostermember__position")
        .values(
            "pk",
            "name",
            "is_active",
            "staff_profile__level",
            "staff_profile__products",
            "rostermember__roster_id",
            "rostermember__position",
            *(_ROSTER + name for name in ("time_zone", "starts_on", "hand_over_at")),
            *(_ROSTER + name for name in ("length", "unit")),
        )
    )
    turns: dict[int, list[dict[str, Any]]] = defaultdict(list)
    people: dict[int, dict[str, Any]] = {}
    for row in rows:
        people[row["pk"]] = row
        if row["rostermember__roster_id"] is not None:
            turns[row["rostermember__roster_id"]].append(row)
    rotations = [_rotation(members) for members in turns.values()]
    return [
        Colleague(
            pk=pk,
            name=row["name"],
            level=row["staff_profile__level"] or "",
            products=tuple(row["staff_profile__products"] or ()),
            rotations=tuple(rotation for rotation in rotations if pk in rotation.members),
        )
        for pk, row in people.items()
        if row["is_active"]
    ]


def _rotation(members: list[dict[str, Any]]) -> Rotation:
    roster = members[0]
    zone = ZoneInfo(roster[_ROSTER + "time_zone"])
    members = sorted(members, key=lambda row: int(row["rostermember__position"]))
    return Rotation(
        members=tuple(row["pk"] for row in members),
        starts_at=dt.datetime.combine(
            roster[_ROSTER + "starts_on"], roster[_ROSTER + "hand_over_at"], zone
        ),
        length=roster[_ROSTER + "length"],
        unit=Unit(roster[_ROSTER + "unit"]),
        zone=zone,
    )
