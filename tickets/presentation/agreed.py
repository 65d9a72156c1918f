"""The agreed date a ticket waits for, as the pages show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Agreed:
    """`until` is an instant (UTC), `by` the name of who noted it."""

    until: dt.datetime
    reason: str
    by: str


def agreed(row: dict[str, Any] | None) -> Agreed | None:
    """From what `agreed_dates.open_date` found."""
    if row is None:
        return None
    return Agreed(dt.datetime.fromisoformat(row["until"]), row["reason"], row["by"])
