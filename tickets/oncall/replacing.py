"""Who has a shift somebody was drilled for, and who would be next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Final

from django.db.models import QuerySet

from accounts.models import User
from tickets.models import DutyChange, ReachabilityDrill
from tickets.oncall import shift_changes, spans
from tickets.oncall.changes import next_in_rotation, on_at
from tickets.oncall.skills import skills_of

# How far ahead the rotation is read to find who comes next.
LOOK_AHEAD: Final = dt.timedelta(days=60)
Outcome = ReachabilityDrill.Outcome


def has_the_shift(drill: ReachabilityDrill, person_id: int, now: dt.datetime) -> bool:
    """Whether that person is (still) on the roster in what is left of the shift."""
    return person_id in _on(drill, now)


def holder(drill: ReachabilityDrill, now: dt.datetime) -> User | None:
    """Who has the shift by now: the one who was asked, or whoever stands in for them."""
    on = _on(drill, now)
    of_shift = list(_drills_of(drill))
    line = [drill.person_id, drill.replaced_by_id]
    for one in of_shift:
        line += [one.replaced_by_id, one.person_id]
    found = next((pk for pk in line if pk in on), None)
    return User.objects.filter(pk=found).first() if found is not None else None


def next_for(drill: ReachabilityDrill, now: dt.datetime) -> User | None:
    """The next of the rotation who may take the shift; None when nobody is left to ask.

    Nobody is asked twice for one shift. First choice is somebody who knows the team's products
    and stands on no other roster then.
    """
    begins = max(drill.shift_starts_at, now)
    turns = shift_changes.turns(drill.roster, begins, begins + LOOK_AHEAD, now)
    tried = set(_drills_of(drill).values_list("person_id", flat=True))
    members = {int(str(turn.member)) for turn in turns}
    here = set(
        User.objects.filter(pk__in=members, is_active=True, is_staff=True).values_list(
            "pk", flat=True
        )
    )
    busy = shift_changes.on_duty_anywhere(begins, now)
    wanted = {product.key for product in drill.roster.team.products.all()}
    skills = skills_of(here)

    def knows(pk: Hashable) -> bool:
        return not wanted or bool(wanted & set(skills[int(str(pk))].products))

    found = next_in_rotation(
        turns,
        begins,
        but=tried | _on(drill, now) | (members - here) | away((begins, drill.shift_ends_at)),
        prefer=(knows, lambda pk: pk not in busy),
    )
    return User.objects.get(pk=int(str(found))) if found is not None else None


def away(span: tuple[dt.datetime, dt.datetime]) -> set[int | None]:
    """Who takes leave somewhere in the span."""
    leave = spans.standing(span).filter(kind=DutyChange.Kind.LEAVE)
    return set(leave.values_list("replaces_id", flat=True))


def _on(drill: ReachabilityDrill, now: dt.datetime) -> set[Hashable]:
    at = max(drill.shift_starts_at, now)
    return on_at(shift_changes.turns(drill.roster, at, at + shift_changes.INSTANT, now), at)


def _drills_of(drill: ReachabilityDrill) -> QuerySet[ReachabilityDrill]:
    return ReachabilityDrill.objects.filter(
        roster=drill.roster_id, shift_starts_at=drill.shift_starts_at
    ).order_by("-pk")
