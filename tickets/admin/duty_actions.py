"""What is done about duty: one address and one verb each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.requests import TenantRequest
from accounts.viewer import Viewer
from tickets import duty_changes, swaps
from tickets.admin.duty_forms import (
    LeaveForm,
    OverrideForm,
    SwapForm,
    TemporaryForm,
    shift_rows,
)
from tickets.admin.frame import frame
from tickets.models import DutyChange, Swap

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_AND_POST)
def override(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.override")
    form = OverrideForm(_sent(request), request=request, manages=_manages(request.viewer))
    done = _done(
        form,
        lambda data: duty_changes.override(by=request.viewer, now=request.now, **data),
    )
    return _answer(request, form, _("Add an override"), done, _("It holds from then on."))


@require_http_methods(GET_AND_POST)
def leave(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "leave.take")
    form = LeaveForm(_sent(request), request=request, manages=_manages(request.viewer))
    done = _done(
        form,
        lambda data: duty_changes.take_leave(by=request.viewer, now=request.now, **data),
    )
    return _answer(request, form, _("Take leave"), done, _("The leave is entered."))


@require_http_methods(GET_AND_POST)
def swap(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.swap")
    form = SwapForm(_sent(request), request=request)

    def ask(data: dict[str, Any]) -> None:
        chosen = form.chosen("shift")
        if chosen is None:
            raise ValidationError(_("Choose one of your shifts."))
        swaps.ask(
            roster=chosen[0],
            by=request.viewer,
            asked=data["asked"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            in_return=form.chosen("in_return"),
            note=data["note"],
            now=request.now,
        )

    done = _done(form, ask)
    said = _("Your colleague is asked by mail.")
    return _answer(request, form, _("Swap a shift"), done, said, action=_("Ask"))


@require_http_methods(GET_AND_POST)
def temporary(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.edit")
    form = TemporaryForm(_sent(request))
    rows = shift_rows(_sent(request))

    def plan(data: dict[str, Any]) -> None:
        given = [row.cleaned_data for row in rows.forms if row.cleaned_data.get("person")]
        duty_changes.plan_temporary(
            by=request.viewer,
            shifts=[(one["person"], one["starts_at"], one["ends_at"]) for one in given],
            now=request.now,
            **data,
        )

    done = (not form.is_bound or rows.is_valid()) and _done(form, plan)
    title = _("Plan a temporary schedule")
    return _answer(request, form, title, done, _("It holds in that time."), rows=rows)


@require_POST
def cancel(request: TenantRequest, pk: int) -> HttpResponse:
    """Take a change back."""
    change = get_object_or_404(DutyChange, pk=pk)
    return _act(
        request,
        lambda: duty_changes.cancel(change=change, by=request.viewer, now=request.now),
        _("Taken back. Who was on duty until now stays on record."),
    )


@require_POST
def answer(request: TenantRequest, pk: int, what: str) -> HttpResponse:
    """Accept, decline or withdraw a swap."""
    found = get_object_or_404(Swap, pk=pk)
    answers = {
        "accept": (swaps.accept, _("The shift is yours; your colleague is told.")),
        "decline": (swaps.decline, _("Declined; your colleague is told.")),
        "withdraw": (swaps.withdraw, _("Withdrawn; your colleague is told.")),
    }
    if what not in answers:
        raise Http404
    verb, said = answers[what]
    return _act(request, lambda: verb(swap=found, by=request.viewer, now=request.now), said)


def _act(request: TenantRequest, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("admin:duty")


def _done(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent, makes sense, and the verb did it; its refusal is the form's."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ValidationError as error:
        if hasattr(error, "error_dict") and not set(error.error_dict) <= set(form.fields):
            error = ValidationError(error.messages)
        form.add_error(None, error)
        return False
    except PermissionDenied as error:
        form.add_error(None, str(error))
        return False
    return True


def _answer(
    request: TenantRequest, form: forms.Form, title: str, done: bool, said: str, **more: Any
) -> HttpResponse:
    if done:
        messages.success(request, said)
        return redirect("admin:duty")
    context = {"form": form, "title": title, "action": _("Save"), **more} | frame(request, "duty")
    status = 422 if form.is_bound else 200
    return render(request, "tickets/duty_form.html", context, status=status)


def _sent(request: TenantRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _manages(viewer: Viewer) -> bool:
    return access.allows(viewer, "roster.edit")
