"""Everyone of staff, and until when they are on duty: one query, besides the rosters' record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from accounts.models.staff_profile import Level
from tickets.oncall import duty
from tickets.oncall.history import History


@dataclass(frozen=True, slots=True)
class Colleague:
    """An active person of staff; `until` is the end (UTC) of their shift under way.

    Off duty, `is_on_duty` is off; on duty without `until`, they are for weeks to come.
    """

    pk: int
    name: str
    level: str
    products: tuple[str, ...]
    is_on_duty: bool = False
    until: dt.datetime | None = None

    @property
    def is_lead(self) -> bool:
        return self.level == Level.LEAD

    @property
    def level_word(self) -> str:
        """In the reader's language."""
        return str(Level(self.level).label) if self.level in Level.values else self.level


def colleagues(at: dt.datetime, records: dict[int, History]) -> list[Colleague]:
    """All active people of staff, by name, as they are on duty at `at`.

    `records` are those of every roster, from `at` to `duty.AHEAD` after it.
    """
    rows = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")
    ends = _ends(at, records)
    return [
        Colleague(pk, name, level or "", tuple(products or ()), pk in ends, ends.get(pk))
        for pk, name, level, products in rows.values_list(
            "pk", "name", "staff_profile__level", "staff_profile__products"
        )
    ]


def _ends(at: dt.datetime, records: dict[int, History]) -> dict[int, dt.datetime | None]:
    """The last end of whoever is on duty on any roster."""
    found: dict[int, dt.datetime | None] = {}
    for ends in duty.until(records, at).values():
        for key, end in ends.items():
            before = found.get(key, end)
            found[key] = None if end is None or before is None else max(before, end)
    return found
