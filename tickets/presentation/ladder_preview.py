"""Whom a ladder rings if it begins now, and after how long each step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.listing import listed
from tickets.models import Ladder, LadderStep, Team
from tickets.oncall.freezing import rings_now
from tickets.oncall.line_up import LineUp, OnDuty, Staff, Why, level_of
from tickets.presentation.step_words import about, why
from tickets.presentation.trail import person


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """`after` are the seconds until it rings, None for a step passed over; `about` is whom."""

    after: int | None
    names: str
    about: str
    times: int
    gap: str


def preview(
    ladder: Ladder, team: Team, staff: Staff, on_duty: OnDuty, now: dt.datetime
) -> list[PreviewLine]:
    """The steps in order; `on_duty` covers them (`tickets.oncall.freezing.span`)."""
    after, lines = 0, []
    for filled in rings_now(ladder, team, staff, on_duty, now):
        line = filled.line_up
        is_rung = bool(line.people) or line.kind == LadderStep.Kind.CONTACT
        lines.append(
            PreviewLine(
                after=after if is_rung else None,
                names=listed(person(one.name, level_of(one)) for one in line.people),
                about=about(line.kind, line.about),
                times=filled.times,
                gap=_gap(line),
            )
        )
        if is_rung:
            after += filled.patience_seconds * filled.times
    return lines


def _gap(line: LineUp) -> str:
    if line.why is None or line.kind == LadderStep.Kind.CONTACT:
        return ""
    if line.why == Why.NOBODY_QUALIFIED:
        return _("nobody on duty has the level")
    return why(line.why, line.about if line.kind == LadderStep.Kind.PERSON else "")
