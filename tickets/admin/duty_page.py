"""Who is on duty now, who is next, this week, and whom the ladders ring."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import User
from accounts.requests import TenantRequest
from tickets.admin.frame import frame
from tickets.instants import zone_named
from tickets.models import Roster, Team
from tickets.oncall import duty
from tickets.oncall.rotation import on_duty
from tickets.oncall.staff_turns import Colleague
from tickets.presentation.trail import person
from tickets.presentation.week import Week, blocks, week_around


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn at a roster; `at` (UTC) is its end if it is now, its start if next."""

    name: str
    who: str
    roster: str
    at: dt.datetime


@require_safe
def duty_view(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.read")
    around = frame(request, "duty")
    week = week_around(request.now, zone_named(timezone.get_current_timezone_name()))
    people = {one.pk: one for one in around["colleagues"]}
    teams = list(duty.teams())
    context = {
        "teams": [_team(team, people, week, request.now) for team in teams],
        "week": week,
        "last_day": week.days[-1],
        "now_share": week.share(request.now),
        "may_edit": access.allows(request.viewer, "roster.edit"),
    }
    return render(request, "tickets/duty.html", context | around)


def _team(
    team: Team,
    people: dict[int, Colleague],
    week: Week,
    now: dt.datetime,
) -> dict[str, Any]:
    current, following = [], []
    strips = []
    for roster in team.rosters.all():
        rotation = duty.rotation_of(roster)
        strips.append({"roster": roster, "blocks": blocks(rotation, week, _name)})
        if rotation is None:
            continue
        turn = on_duty(rotation, now)
        after = on_duty(rotation, turn.ends_at)
        current.append(_turn(turn.member, people, roster, turn.ends_at))
        if after.member != turn.member:
            following.append(_turn(after.member, people, roster, after.starts_at))
    return {"team": team, "now": current, "next": following, "strips": strips}


def _turn(member: Any, people: dict[int, Colleague], roster: Roster, at: dt.datetime) -> Turn:
    known = people.get(member.pk)
    who = person(member.name, known.level if known else "")
    return Turn(name=member.name, who=who, roster=roster.name, at=at)


def _name(member: Any) -> str:
    return member.name if isinstance(member, User) else ""
