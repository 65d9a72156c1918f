"""Who has a shift somebody was drilled for, who would be next, and putting somebody in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Final

from django.db.models import QuerySet

from accounts.models import User
from tickets import duty_changes
from tickets.models import ReachabilityDrill
from tickets.oncall import shift_changes
from tickets.oncall.changes import next_in_rotation, on_at

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
    found = next_in_rotation(
        turns,
        begins,
        but=tried | _on(drill, now) | (members - here),
        prefer=(lambda pk: pk not in busy,),
    )
    return User.objects.get(pk=found) if found is not None else None


def put_in(drill: ReachabilityDrill, person: User, *, instead_of: int, now: dt.datetime) -> None:
    """Give what is left of the shift to `person`, in place of who has it."""
    duty_changes.put_in(
        roster=drill.roster,
        person=person,
        replaces=instead_of,
        starts_at=drill.shift_starts_at,
        ends_at=drill.shift_ends_at,
        now=now,
    )


def _on(drill: ReachabilityDrill, now: dt.datetime) -> set[Hashable]:
    at = max(drill.shift_starts_at, now)
    return on_at(shift_changes.turns(drill.roster, at, at + shift_changes.INSTANT, now), at)


def _drills_of(drill: ReachabilityDrill) -> QuerySet[ReachabilityDrill]:
    return ReachabilityDrill.objects.filter(
        roster=drill.roster_id, shift_starts_at=drill.shift_starts_at
    ).order_by("-pk")
