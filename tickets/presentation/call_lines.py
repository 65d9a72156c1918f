"""A call in the conversation: between when and when, who was rung for it, and who spoke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.templatetags.vigil import duration
from tickets.models import Call, CallLeg
from tickets.presentation.trail import person

State = Call.State
Outcome = CallLeg.Outcome

_ICONS: Final = {Outcome.TAKEN: "check", Outcome.RINGING: "phone"}
SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class LegLine:
    """One engineer rung: what came of it, in words."""

    at: dt.datetime
    name: str
    outcome: str
    icon: str
    length: str = ""

    @property
    def text(self) -> str:
        words = {"name": self.name, "outcome": self.outcome, "length": self.length}
        if self.length:
            return _("%(name)s: %(outcome)s, %(length)s") % words
        return _("%(name)s: %(outcome)s") % words


@dataclass(frozen=True, slots=True)
class CallItem:
    """`text` names the sides, `length` how long it took; `now` says what happens while it lasts."""

    id: UUID
    at: dt.datetime
    text: str
    until: dt.datetime | None
    length: str
    now: str
    legs: tuple[LegLine, ...]
    is_message: bool = False
    is_call: bool = True

    @property
    def key(self) -> str:
        return f"call-{self.id}"

    @property
    def icon(self) -> str:
        return "phone"


def call_item(call: Call, legs: Iterable[CallLeg], *, staff: bool) -> CallItem:
    """Customers see the end of a caller's number only."""
    return CallItem(
        id=call.pk,
        at=call.started_at,
        text=_by_hand(call) if call.sid is None else _from_outside(call, staff=staff),
        until=call.ended_at,
        length=duration(call.ended_at - call.started_at) if call.ended_at else "",
        now="" if call.is_over else str(State(call.state).label),
        legs=tuple(leg_lines(legs)),
    )


def leg_lines(legs: Iterable[CallLeg]) -> list[LegLine]:
    """In the order they were rung."""
    return [
        LegLine(
            at=leg.taken_at or leg.dialled_at,
            name=person(leg.person_name, leg.person_level),
            outcome=str(Outcome(leg.outcome).label),
            icon=_ICONS.get(Outcome(leg.outcome), "phone-missed"),
            length=duration(leg.ended_at - leg.taken_at) if leg.taken_at and leg.ended_at else "",
        )
        for leg in legs
    ]


def shown_number(number: str, *, staff: bool) -> str:
    """A telephone number; of one that is a colleague's at the customer only the last digits."""
    if not number:
        return _("a withheld number")
    return number if staff else "…" + number[-SHOWN_DIGITS:]


def _from_outside(call: Call, *, staff: bool) -> str:
    return _("Call to the hotline from %(number)s") % {
        "number": shown_number(call.caller, staff=staff)
    }


def _by_hand(call: Call) -> str:
    words = {"name": call.noted_by_name, "other": call.spoken_with}
    if call.way == Call.Way.IN:
        return _("%(other)s called %(name)s") % words
    return _("%(name)s called %(other)s") % words
