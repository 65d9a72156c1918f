"""Make, edit and end rosters: each appends a version, and the past stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from tickets.models import LadderStep, Roster, RosterVersion, Team
from tickets.oncall import definition, shift_changes
from tickets.oncall.definition import RosterPlan
from tickets.refusal import Refusal
from tickets.refusal_words import told

INSTANT: Final = dt.timedelta(microseconds=1)
NO_MINUTES: Final[Mapping[str, int]] = {}


@transaction.atomic
def create(
    *,
    team: Team,
    name: str,
    plan: RosterPlan,
    by: Viewer,
    now: dt.datetime,
    minutes: Mapping[str, int] = NO_MINUTES,
) -> Roster:
    """Make a roster that is on duty from now on. `minutes` left out are the usual ones."""
    access.require(by, "roster.edit")
    refuse_unusable(plan)
    roster = Roster(team=team, name=name, time_zone=plan.time_zone, **minutes)
    roster.full_clean()
    roster.save()
    _append(roster, plan, by=by, now=now)
    _record(roster, "roster.added", by=by, now=now)
    return roster


@transaction.atomic
def edit(
    *,
    roster: Roster,
    name: str,
    plan: RosterPlan,
    by: Viewer,
    now: dt.datetime,
    minutes: Mapping[str, int] = NO_MINUTES,
) -> Roster:
    """From now on the roster is made like this; ladders that ring keep their names.

    `minutes` left out stay. Drills asked for already keep their time.
    ValidationError when the plan cannot work, or the roster has ended.
    """
    access.require(by, "roster.edit")
    roster = locked(roster)
    refuse_unusable(plan)
    roster.name, roster.time_zone = name, plan.time_zone
    for field, value in minutes.items():
        setattr(roster, field, value)
    roster.full_clean()
    roster.save(update_fields=["name", "time_zone", *minutes])
    _append(roster, plan, by=by, now=now)
    _record(roster, "roster.edited", by=by, now=now, layers=len(plan.layers))
    return roster


@transaction.atomic
def end(*, roster: Roster, by: Viewer, now: dt.datetime) -> Roster:
    """From now on nobody is on duty here; who was stays on record.

    ValidationError while a ladder still rings it.
    """
    access.require(by, "roster.edit")
    roster = locked(roster)
    if LadderStep.objects.filter(roster=roster).exists():
        raise ValidationError(_("A ladder rings this roster. Take it off the ladder first."))
    roster.ended_at = now
    roster.save(update_fields=["ended_at"])
    _append(roster, RosterPlan(roster.time_zone, ()), by=by, now=now)
    _record(roster, "roster.ended", by=by, now=now)
    return roster


def locked(roster: Roster) -> Roster:
    """The roster as it is now, locked; ValidationError when it has ended."""
    found = Roster.objects.select_for_update(of=("self",)).select_related("team").get(pk=roster.pk)
    if found.ended_at is not None:
        raise ValidationError(_("This roster has ended."))
    return found


def current_plan(roster: Roster) -> RosterPlan | None:
    """As the roster is made by its last version; None when it has none or it cannot be read."""
    return current_plans([roster]).get(roster.pk)


def current_plans(of: Iterable[Roster]) -> dict[int, RosterPlan]:
    """The same for many by key, without those that have none; one query."""
    last = RosterVersion.objects.filter(roster__in=of).order_by("roster_id", "-valid_from")
    plans = {}
    for version in last.distinct("roster_id"):
        with suppress(KeyError, TypeError, ValueError):
            plans[version.roster_id] = definition.read(version.definition)
    return plans


def refuse_unusable(plan: RosterPlan) -> None:
    """ValidationError unless somebody could be on duty by this plan."""
    if not plan.layers:
        raise ValidationError(_("A roster needs at least one layer."))
    try:
        plan.pure()
    except Refusal as refusal:
        raise ValidationError(told(refusal)) from refusal
    keys = plan.member_keys()
    known = User.objects.filter(pk__in=keys, is_staff=True, is_active=True).count()
    if known != len(keys):
        raise ValidationError(_("Only active people of staff take turns."))


def _append(roster: Roster, plan: RosterPlan, *, by: Viewer, now: dt.datetime) -> None:
    """The next version, never before the last one."""
    last = RosterVersion.objects.filter(roster=roster).order_by("-valid_from").first()
    RosterVersion.objects.create(
        roster=roster,
        definition=definition.written(plan),
        valid_from=max(now, last.valid_from + INSTANT) if last else now,
        created_by=by.user,
        created_by_name=by.name,
    )
    shift_changes.replan([roster.pk], now)


def _record(roster: Roster, verb: str, *, by: Viewer, now: dt.datetime, **data: object) -> None:
    events.record(
        verb=verb,
        subject=f"roster/{roster.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        name=roster.name,
        **data,
    )
