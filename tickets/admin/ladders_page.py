"""Whom every team's ladders would ring if they began now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets.admin.frame import frame
from tickets.models import Ladder
from tickets.oncall import duty
from tickets.oncall.freezing import span, with_steps
from tickets.oncall.line_up import Staff
from tickets.presentation.ladder_preview import preview


@require_safe
def ladders_view(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.read")
    teams = list(duty.teams().prefetch_related(with_steps()))
    steps = [step for team in teams for ladder in team.ladders.all() for step in ladder.steps.all()]
    staff, on_duty = Staff.read(), span(steps, request.now)

    def shown(ladder: Ladder, team: Any) -> dict[str, Any]:
        return {"ladder": ladder, "lines": preview(ladder, team, staff, on_duty, request.now)}

    context = {
        "teams": [
            {"team": team, "ladders": [shown(one, team) for one in team.ladders.all()]}
            for team in teams
        ],
        "may_edit": access.allows(request.viewer, "roster.edit"),
    }
    return render(request, "tickets/ladders.html", context | frame(request, "duty"))
