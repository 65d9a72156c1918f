"""Make and edit a roster's layers; each save is a version that holds from now on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.requests import TenantRequest
from tickets import rosters
from tickets.admin.frame import frame
from tickets.admin.roster_forms import NewRosterForm, RosterForm, layer_forms, plan_of
from tickets.models import Escalation, Roster, RosterVersion
from tickets.oncall.definition import MINUTES

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_AND_POST)
def add(request: TenantRequest) -> HttpResponse:
    """A roster with its first layers."""
    access.require(request.viewer, "roster.edit")
    sent = request.POST if request.method == "POST" else None
    form = NewRosterForm(
        sent, initial={"time_zone": timezone.get_current_timezone_name(), "team": _team(request)}
    )
    layers = layer_forms(sent, None, more=False, today=_today(request))
    if _both_valid(form, layers):
        try:
            made = rosters.create(
                team=form.cleaned_data["team"],
                name=form.cleaned_data["name"],
                plan=plan_of(form, layers),
                minutes=form.minutes(),
                by=request.viewer,
                now=request.now,
            )
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(request, _("%(name)s is on duty from now on.") % {"name": made.name})
            return redirect("admin:duty")
    return _show(request, form, layers, None)


@require_http_methods(GET_AND_POST)
def edit(request: TenantRequest, pk: int) -> HttpResponse:
    """Everybody of staff may look; managers save."""
    access.require(request.viewer, "roster.read")
    roster = get_object_or_404(Roster.objects.select_related("team"), pk=pk)
    sent = None
    if request.method == "POST":
        access.require(request.viewer, "roster.edit")
        sent = request.POST
    plan = rosters.current_plan(roster)
    form = RosterForm(sent, initial=model_to_dict(roster, ["name", "time_zone", *MINUTES]))
    more = request.GET.get("more") == "1"
    layers = layer_forms(sent, plan, more=more, today=_today(request))
    if _both_valid(form, layers):
        try:
            rosters.edit(
                roster=roster,
                name=form.cleaned_data["name"],
                plan=plan_of(form, layers),
                minutes=form.minutes(),
                by=request.viewer,
                now=request.now,
            )
        except ValidationError as error:
            _refused(form, error)
        else:
            messages.success(
                request,
                _("Saved: it holds from now on. Who was on duty, and whom a ladder rings, stays."),
            )
            return redirect("admin:roster_layers", roster.pk)
    return _show(request, form, layers, roster)


@require_POST
def end(request: TenantRequest, pk: int) -> HttpResponse:
    """Nobody is on duty here any more; who was stays on record."""
    access.require(request.viewer, "roster.edit")
    roster = get_object_or_404(Roster, pk=pk)
    try:
        rosters.end(roster=roster, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:roster_layers", roster.pk)
    messages.success(request, _("The roster has ended. Who was on duty stays on record."))
    return redirect("admin:duty")


def _show(
    request: TenantRequest, form: RosterForm, layers: Any, roster: Roster | None
) -> HttpResponse:
    context = {
        "form": form,
        "layers": layers,
        "roster": roster,
        "may_edit": access.allows(request.viewer, "roster.edit"),
        "ringing": Escalation.objects.filter(state=Escalation.State.RINGING).count(),
        "versions": RosterVersion.objects.filter(roster=roster).order_by("-valid_from")[:10],
    } | frame(request, "duty")
    status = 422 if form.is_bound else 200
    return render(request, "tickets/roster.html", context, status=status)


def _both_valid(form: RosterForm, layers: Any) -> bool:
    """Both are looked at, so that all that is wrong is said at once."""
    if not form.is_bound:
        return False
    return all([form.is_valid(), layers.is_valid()])


def _refused(form: RosterForm, error: ValidationError) -> None:
    if hasattr(error, "error_dict") and not set(error.error_dict) <= set(form.fields):
        error = ValidationError(error.messages)
    form.add_error(None, error)


def _team(request: TenantRequest) -> str:
    return request.GET.get("team", "")


def _today(request: TenantRequest) -> Any:
    return timezone.localtime(request.now).date()
