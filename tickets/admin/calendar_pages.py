"""Calendars in the workspace: hours, holidays, closures; what the next days look like."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.requests import TenantRequest
from tickets import calendar_editing
from tickets.admin.calendar_forms import CalendarForm
from tickets.admin.frame import frame
from tickets.admin.policy_pages import calendar_line
from tickets.calendar_editing import Resolved, Written
from tickets.models import CalendarVersion, Promise, WorkCalendar
from tickets.presentation.open_hours import open_days

PREVIEW_DAYS: Final = 14
WORKING_WEEK: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00")


@require_http_methods(["GET", "HEAD", "POST"])
def new_calendar(request: TenantRequest) -> HttpResponse:
    """A calendar that nothing counts by yet."""
    access.require(request.viewer, "plan.edit")
    return _edit(request, None, None)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: TenantRequest, pk: int) -> HttpResponse:
    """A calendar with its history; a manager's change is confirmed before it is in force."""
    found = get_object_or_404(WorkCalendar, pk=pk)
    newest = found.versions.select_related("calendar").order_by("number").last()
    return _edit(request, found, newest)


def _edit(
    request: TenantRequest, found: WorkCalendar | None, newest: CalendarVersion | None
) -> HttpResponse:
    today = request.now.date()
    if request.method != "POST":
        start = Written.of(newest) if newest else Written(zone="Asia/Shanghai", hours=WORKING_WEEK)
        initial = CalendarForm.initial_of(found.name if found else "", start)
        return _page(request, newest, CalendarForm(initial=initial, today=today))
    access.require(request.viewer, "plan.edit")
    form = CalendarForm(request.POST, request.FILES, today=today)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return _page(request, newest, form)
    try:
        resolved = calendar_editing.resolve(form.written(), today)
        if request.POST.get("step") == "publish":
            made = calendar_editing.publish(
                calendar=found,
                name=form.cleaned_data["name"],
                written=form.written(),
                by=request.viewer,
                now=request.now,
                note=form.cleaned_data["note"],
            )
            messages.success(request, _("%(version)s is in force.") % {"version": made})
            return redirect("admin:calendar", made.calendar_id)
    except ValidationError as error:
        form.take(error)
        return _page(request, newest, form)
    return _confirm(request, found, form, resolved)


def _confirm(
    request: TenantRequest, found: WorkCalendar | None, form: CalendarForm, resolved: Resolved
) -> HttpResponse:
    draft = CalendarVersion(definition=resolved.definition, holidays_until=resolved.holidays_until)
    running, moved = 0, []
    if found is not None:
        moved = calendar_editing.counting_by(found, request.now)
        given = Promise.objects.open().filter(calendar_version__calendar=found)
        running = given.values("ticket").distinct().count()
    context = {
        "form": form,
        "calendar": found,
        "line": calendar_line(draft, request.now),
        "running": running,
        "moved": moved,
        **_preview(draft, request),
    }
    return render(request, "tickets/calendar_confirm.html", context | frame(request, "policies"))


def _page(
    request: TenantRequest, newest: CalendarVersion | None, form: CalendarForm
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "calendar": newest.calendar if newest else None,
        "may_edit": access.allows(request.viewer, "plan.edit"),
        "history": [],
    }
    if newest is not None:
        context["line"] = calendar_line(newest, request.now)
        context["history"] = list(newest.calendar.versions.order_by("-number"))
        context |= _preview(newest, request)
    status = 422 if form.is_bound and form.errors else 200
    context |= frame(request, "policies")
    return render(request, "tickets/calendar.html", context, status=status)


def _preview(version: CalendarVersion, request: TenantRequest) -> dict[str, Any]:
    """The next fortnight, and the days of this year and the next that differ from the week."""
    today = request.now.date()
    names = version.definition.get("names", {})
    fortnight = [today + dt.timedelta(days=day) for day in range(PREVIEW_DAYS)]
    ahead = [dt.date.fromisoformat(day) for day in sorted(names) if day >= today.isoformat()]
    return {
        "days": open_days(version.definition, fortnight),
        "exceptions": open_days(version.definition, ahead),
    }
