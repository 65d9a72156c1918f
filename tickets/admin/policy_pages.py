"""Policies in the workspace: the matrix of plans and severities, one policy, its new version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.plans import PLANS
from accounts.requests import TenantRequest
from tickets import policies
from tickets.admin.frame import frame
from tickets.admin.policy_forms import PolicyForm
from tickets.calendars import is_around_the_clock, newest_versions, runs_out_soon
from tickets.models import CalendarVersion, PolicyVersion, Promise
from tickets.models.ticket import Severity
from tickets.presentation.policy_words import changes, described, length, policy_name
from tickets.presentation.working_hours import hours_in_words


@require_safe
def matrix(request: TenantRequest) -> HttpResponse:
    """All plans and severities with what is in force, and the calendars they count by."""
    found = policies.all_in_force(request.now)
    context = {
        "severities": list(Severity),
        "rows": [
            {
                "plan": plan,
                "cells": [_cell(found.get((plan.key, str(severity)))) for severity in Severity],
            }
            for plan in PLANS.values()
        ],
        "calendars": [calendar_line(version, request.now) for version in newest_versions()],
        "may_edit": access.allows(request.viewer, "plan.edit"),
    }
    return render(request, "tickets/policies.html", context | frame(request, "policies"))


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: TenantRequest, plan: str, severity: str) -> HttpResponse:
    """One policy with its history; a manager's change is confirmed before it is in force."""
    if plan not in PLANS or severity not in Severity.values:
        raise Http404
    version = policies.in_force(plan, severity, request.now)
    if request.method != "POST":
        form = PolicyForm(version=version, newest=newest_versions())
        return _page(request, version, form)
    access.require(request.viewer, "plan.edit")
    form = PolicyForm(request.POST, version=version, newest=newest_versions())
    if not form.is_valid() or request.POST.get("step") == "edit":
        return _page(request, version, form)
    try:
        draft = policies.draft(policy=version.policy, **form.wanted())
        differs = changes(version, draft)
        # Sent twice, the second time finds what the first put in force.
        if differs and request.POST.get("step") == "publish":
            made = policies.publish(
                plan=plan, severity=severity, by=request.viewer, now=request.now, **form.wanted()
            )
            messages.success(
                request, _("%(version)s is in force.") % {"version": policy_name(str(made))}
            )
            return redirect("admin:policy", plan, severity)
    except ValidationError as error:
        form.take(error)
        return _page(request, version, form)
    context = {
        "version": version,
        "form": form,
        "changes": differs,
        "running": running_under(version),
    }
    return render(request, "tickets/policy_confirm.html", context | frame(request, "policies"))


def running_under(version: PolicyVersion) -> int:
    """How many unsolved tickets have a promise given under any version of that policy."""
    given = Promise.objects.open().filter(policy_version__policy=version.policy)
    return given.values("ticket").distinct().count()


def calendar_line(version: CalendarVersion, now: dt.datetime) -> dict[str, Any]:
    return {
        "version": version,
        "hours": hours_in_words(version.definition),
        "holidays_until": version.holidays_until,
        "runs_out": runs_out_soon(version, now.date()),
    }


def _cell(version: PolicyVersion | None) -> dict[str, Any] | None:
    """One policy in the matrix: its version, and its lengths in the time of its calendar."""
    if version is None:
        return None
    calendar = version.calendar_version
    return {
        "version": version,
        "hours": "" if is_around_the_clock(calendar) else hours_in_words(calendar.definition),
        "answer": length(version.response_seconds, version),
        "news": length(version.update_seconds, version),
        "solved": length(version.resolution_seconds, version),
    }


def _page(request: TenantRequest, version: PolicyVersion, form: PolicyForm) -> HttpResponse:
    versions = list(
        version.policy.versions.select_related("calendar_version__calendar", "policy").order_by(
            "-number"
        )
    )
    history = [
        {"version": one, "changes": changes(before, one)}
        for one, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    context = {
        "version": version,
        "plan": PLANS[version.policy.plan],
        "form": form,
        "described": described(version).items(),
        "history": history,
        "may_edit": access.allows(request.viewer, "plan.edit"),
    }
    status = 422 if form.is_bound and form.errors else 200
    context |= frame(request, "policies")
    return render(request, "tickets/policy.html", context, status=status)
