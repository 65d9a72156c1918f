"""The drills of a team's people, read along with the team and without a query of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from tickets.models import ReachabilityDrill

SHOWN: Final = dt.timedelta(hours=24)
_TIMES: Final = ("asked_at", "confirm_by", "confirmed_at", "shift_starts_at")


@dataclass(frozen=True, slots=True)
class DrillLine:
    person_id: int
    outcome: str
    asked_at: dt.datetime
    confirm_by: dt.datetime
    confirmed_at: dt.datetime | None
    shift_starts_at: dt.datetime

    @classmethod
    def of(cls, row: dict[str, Any]) -> DrillLine:
        times = {name: dt.datetime.fromisoformat(row[name]) for name in _TIMES if row[name]}
        return cls(**(row | times))

    @property
    def answered_in(self) -> dt.timedelta | None:
        return self.confirmed_at - self.asked_at if self.confirmed_at else None


def drill_rows(now: dt.datetime) -> ArraySubquery:
    """For a query of teams: their drills of the last day, the oldest first."""
    names = ("person_id", "outcome", *_TIMES)
    rows = (
        ReachabilityDrill.objects.filter(roster__team=OuterRef("pk"), asked_at__gt=now - SHOWN)
        .exclude(outcome=ReachabilityDrill.Outcome.MOOT)
        .order_by("asked_at", "pk")
    )
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names})))


def latest(rows: Iterable[dict[str, Any]]) -> dict[int, DrillLine]:
    """The latest drill of each person, by the key of the person."""
    return {line.person_id: line for line in map(DrillLine.of, rows)}
