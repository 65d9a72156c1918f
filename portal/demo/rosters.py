"""Make the demo's rosters, and what changed on them: an override, leave, a swap to answer."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.viewer import Viewer
from tickets import duty_changes, rosters, swaps
from tickets.models import Roster, Team
from tickets.oncall import duty
from tickets.oncall.definition import LayerPlan, Member, RosterPlan
from tickets.oncall.rotation import Shift

ON_RECORD: Final = dt.timedelta(days=21)  # so that the calendar has a past
A_DAY: Final = dt.timedelta(days=1)


def make_roster(
    team: Team, name: str, row: dict[str, Any], staff: dict[str, User], now: dt.datetime
) -> Roster:
    """`on_duty_at_load` has the turn that begins today, or within the hours of today."""
    zone = ZoneInfo(row["time_zone"])
    first_day, hand_over = _begins(row, now.astimezone(zone))
    members = row["members"]
    start = members.index(row["on_duty_at_load"])
    hours = row.get("hours")
    layer = LayerPlan(
        name=name.capitalize(),
        members=tuple(
            Member(staff[key].pk, staff[key].name) for key in members[start:] + members[:start]
        ),
        starts_on=first_day,
        hand_over_at=hand_over,
        length=row["shift_length"],
        unit=row["shift_unit"],
        weekdays=frozenset(hours["weekdays"]) if hours else None,
        opens=dt.time.fromisoformat(hours["from"]) if hours else None,
        closes=dt.time.fromisoformat(hours["until"]) if hours else None,
    )
    return rosters.create(
        team=team,
        name=name.capitalize(),
        plan=RosterPlan(row["time_zone"], (layer,)),
        by=_manager(staff),
        now=now - ON_RECORD,
    )


def make_changes(staff: dict[str, User], now: dt.datetime) -> None:
    """An override tomorrow, leave with and without a stand-in, a swap Li Wei is asked for.

    The forecast finds one gap (leave nobody stands in for) and one impossible load (Zhao Min
    on two rosters at once); everything else is covered.
    """
    by = _manager(staff)
    push, second = _named("Push", "Primary"), _named("Push", "Second")
    core = _named("IM core", "Primary")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    shift = _on(push, today + A_DAY + dt.timedelta(hours=14), now)
    duty_changes.override(
        roster=push,
        by=by,
        person=staff["zhaomin"],
        replaces=_whose(shift),
        starts_at=today + A_DAY + dt.timedelta(hours=12),
        ends_at=today + A_DAY + dt.timedelta(hours=22),
        reason="At the dentist",
        now=now,
    )
    away = _on(core, today + 3 * A_DAY, now)
    duty_changes.take_leave(
        person=_whose(away),
        by=by,
        starts_at=today + 3 * A_DAY,
        ends_at=today + 4 * A_DAY,
        stand_in=staff["chenyu"],
        reason="Family",
        now=now,
    )
    hole = _on(second, today + 5 * A_DAY, now)
    duty_changes.take_leave(
        person=_whose(hole),
        by=by,
        starts_at=today + 5 * A_DAY,
        ends_at=today + 5 * A_DAY + dt.timedelta(hours=12),
        reason="",
        now=now,
    )
    begins = today + 9 * A_DAY + dt.timedelta(hours=12)
    asker = _whose(_on(push, begins, now))
    swaps.ask(
        roster=push,
        by=Viewer.of(asker),
        asked=staff["liwei"],
        starts_at=begins,
        ends_at=begins + dt.timedelta(hours=8),
        note="School concert that evening. Could you?",
        now=now,
    )


def _begins(row: dict[str, Any], local: dt.datetime) -> tuple[dt.date, dt.time]:
    """The first day and the hand-over of the turn under way at a local time."""
    hand_over = dt.time.fromisoformat(row["handover"])
    first_day = local.date() if local.time() >= hand_over else local.date() - A_DAY
    if row["shift_unit"] != "hours":
        return first_day, hand_over
    zone = local.tzinfo
    passed = int((local - dt.datetime.combine(first_day, hand_over, zone)).total_seconds())
    hours = passed // 3600 // row["shift_length"] * row["shift_length"]
    begins = dt.datetime.combine(first_day, hand_over, zone) + dt.timedelta(hours=hours)
    return begins.date(), begins.time()


def _named(team: str, name: str) -> Roster:
    return Roster.objects.get(team__name=team, name=name)


def _on(roster: Roster, at: dt.datetime, now: dt.datetime) -> Shift:
    return duty.shifts([roster], at, at + dt.timedelta(seconds=1), known_at=now)[roster.pk][0]


def _whose(shift: Shift) -> User:
    return User.objects.get(pk=int(str(shift.member)))


def _manager(staff: dict[str, User]) -> Viewer:
    return Viewer.of(staff["chenyu"])
