"""Calls: who rang the hotline and what came of it, messages to listen to, calls noted by hand."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import StaffRole
from accounts.models import Organization
from accounts.requests import TenantRequest
from tickets import calls_by_hand, finding
from tickets.admin.call_forms import CustomerForm, NoteCallForm, OpenFromCallForm
from tickets.admin.frame import frame
from tickets.hotline.pin_tries import typed_under_lock
from tickets.models import Call, CallRecording
from tickets.models.ticket import Severity
from tickets.presentation.call_lines import call_item

SHOWN: Final = 60
GET_AND_POST: Final = ["GET", "HEAD", "POST"]


@require_safe
def calls_view(request: TenantRequest) -> HttpResponse:
    """The latest calls: two queries more with legs and recordings."""
    found = (
        Call.objects.visible_to(request.viewer)
        .select_related("organization", "ticket__organization")
        .prefetch_related("legs", "recordings")
        .order_by("-started_at")[:SHOWN]
    )
    rows = [
        {
            "call": call,
            "under_lock": typed_under_lock(call),
            "item": call_item(call, call.legs.all(), staff=True),
            "messages": [
                one
                for one in call.recordings.all()
                if one.storage_key or not one.fetched_at  # those of tickets are attached there
            ],
        }
        for call in found
    ]
    context = {"rows": rows, "missing": _missing(), **frame(request, "calls")}
    context["manages"] = request.viewer.staff_role is StaffRole.MANAGER
    return render(request, "tickets/calls.html", context)


def _missing() -> list[str]:
    """The settings without which there is no hotline; docs/operations.md explains them."""
    needed = {
        "VIGIL_HOTLINE_NUMBERS": settings.HOTLINE_NUMBERS,
        "VIGIL_TWILIO_ACCOUNT_SID": settings.TWILIO_ACCOUNT_SID,
        "VIGIL_TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN,
    }
    return [name for name, value in needed.items() if not value]


@require_http_methods(GET_AND_POST)
def note(request: TenantRequest, reference: str) -> HttpResponse:
    """Write down a call about a ticket."""
    tickets = finding.by_reference(request.viewer, reference)
    ticket = get_object_or_404(tickets.select_related("organization", "reporter"))
    start = {"started_at": request.now, "spoken_with": ticket.reporter_name}
    sent = request.POST if request.method == "POST" else None
    form = NoteCallForm(sent, initial=start)
    if form.is_valid():
        data = form.cleaned_data
        try:
            calls_by_hand.note(
                ticket=ticket,
                by=request.viewer,
                told=form.told(data["spoken_with"]),
                was_spoken_to=data["was_spoken_to"],
                body=data["body"],
                submission=data["submission"],
                now=request.now,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The call is noted."))
            return redirect("admin:ticket", ticket.reference)
    context = {"ticket": ticket, "form": form} | frame(request, "")
    return render(request, "tickets/call_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def choose_customer(request: TenantRequest) -> HttpResponse:
    """Whose call it was; the form for the rest knows their members."""
    form = CustomerForm(request.GET if "customer" in request.GET else None)
    if form.is_valid():
        return redirect("admin:call_new_for", form.cleaned_data["customer"].key)
    context = {"form": form, "chooses": True} | frame(request, "calls")
    return render(request, "tickets/call_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(GET_AND_POST)
def open_from(request: TenantRequest, key: str) -> HttpResponse:
    """A ticket that comes of a call: what was said, and perhaps what was answered."""
    if not (key.isascii() and key.isalnum()):
        raise Http404
    organization = get_object_or_404(Organization, key=key)
    start = {"started_at": request.now}
    sent = request.POST if request.method == "POST" else None
    form = OpenFromCallForm(sent, initial=start, organization=organization)
    if form.is_valid():
        data = form.cleaned_data
        try:
            ticket = calls_by_hand.open_from(
                organization=organization,
                reporter=data["reporter"],
                by=request.viewer,
                told=form.told(data["reporter"].name),
                severity=Severity(data["severity"]),
                subject=data["subject"],
                said=data["said"],
                answered=data["answered"],
                product=data["product"],
                submission=data["submission"],
                now=request.now,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("admin:ticket", ticket.reference)
    context = {"organization": organization, "form": form} | frame(request, "calls")
    return render(request, "tickets/call_form.html", context, status=422 if form.is_bound else 200)


@require_safe
def recording(request: TenantRequest, pk: UUID) -> FileResponse:
    """A message nobody was recognised on; those of tickets are attachments there."""
    found = get_object_or_404(CallRecording.objects.exclude(storage_key=""), pk=pk)
    try:
        file = default_storage.open(found.storage_key)
    except FileNotFoundError as error:
        raise Http404 from error
    name = f"{found.at:%Y-%m-%d %H.%M} UTC.mp3"
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
