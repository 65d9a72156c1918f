"""Wait for a date the customer agreed to, or wait no longer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import TenantRequest
from tickets import agreed_dates, finding
from tickets.admin.forms import AgreedDateForm
from tickets.admin.ticket_page import show
from tickets.models import Ticket


@require_POST
def agree(request: TenantRequest, reference: str) -> HttpResponse:
    """Date and reason; the customer reads both."""
    ticket, form = _visible(request, reference), AgreedDateForm(request.POST)
    if form.is_valid():
        try:
            agreed_dates.agree(
                ticket=ticket,
                by=request.viewer,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                now=request.now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The clocks that may wait stand still until then."))
            return redirect("admin:ticket", ticket.reference)
    return show(request, reference, bound={"date": form}, status=422)


@require_POST
def end(request: TenantRequest, reference: str) -> HttpResponse:
    ticket = _visible(request, reference)
    try:
        agreed_dates.end(ticket=ticket, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The clocks run again."))
    return redirect("admin:ticket", ticket.reference)


def _visible(request: TenantRequest, reference: str) -> Ticket:
    tickets = finding.by_reference(request.viewer, reference)
    return get_object_or_404(tickets.select_related("organization"))
