"""Freeze a team's ladder with the people it rings: names and levels as they are now."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from tickets.models import Team
from tickets.oncall import duty
from tickets.oncall.ladder import Ladder, Rung, Step

PATIENCE_SECONDS = 180


def freeze(team: Team | None, now: dt.datetime) -> Ladder | None:
    """The ladder with the people it rings, those of a roster as of the step's own time."""
    steps, at = [], now
    for row in team.ladder.select_related("roster") if team else ():
        people = duty.people_of(row, team, at) if team else []
        steps.append(_step(row.patience_seconds, people))
        if people:
            at += dt.timedelta(seconds=row.patience_seconds)
    if not any(step.people for step in steps):
        steps = [_step(PATIENCE_SECONDS, duty.leads(None))]
    if not any(step.people for step in steps):
        return None
    return Ladder(steps=tuple(steps), rounds=max(1, team.rounds) if team else 1)


def _step(patience_seconds: int, people: list[User]) -> Step:
    rungs = []
    for person in people:
        profile = getattr(person, "staff_profile", None)
        rungs.append(Rung(person.pk, person.name, profile.level if profile else ""))
    return Step(after_seconds=patience_seconds, people=tuple(rungs))
