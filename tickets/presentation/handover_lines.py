"""The handovers of one ticket, read along with it and without a query of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from tickets.models import Handover, Ticket
from tickets.models.handover import State, whom
from tickets.models.ticket import Severity

SHOWN: Final = 4
_TIMES: Final = ("changes_at", "accepted_at")


@dataclass(frozen=True, slots=True)
class HandoverLine:
    pk: int
    state: str
    from_person_id: int
    from_name: str
    to_person_id: int | None
    to_name: str
    by_hand: bool
    note: str
    changes_at: dt.datetime | None
    accepted_at: dt.datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> HandoverLine:
        times = {
            name: dt.datetime.fromisoformat(row[name]) if row[name] else None for name in _TIMES
        }
        return cls(**(row | times))

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED

    @property
    def to_whom(self) -> str:
        return whom(self.to_name, self.state)

    @property
    def get_state_display(self) -> str:
        return str(State(self.state).label)

    def stands_for(self, ticket: Ticket) -> bool:
        """As `Handover.objects.standing()`."""
        return (
            self.state in (State.NOTE_ASKED, State.PROPOSED)
            and ticket.is_unsolved
            and ticket.owner_id == self.from_person_id
            and (self.by_hand or ticket.severity == Severity.URGENT)
        )


def handover_rows() -> ArraySubquery:
    """The latest handovers of a ticket but those that became moot, as `HandoverLine.of` reads."""
    rows = Handover.objects.filter(ticket=OuterRef("pk")).exclude(state=State.ENDED).order_by("-pk")
    names = {field.name: field.name for field in fields(HandoverLine)}
    return ArraySubquery(rows.values(row=JSONObject(**names))[:SHOWN])
