"""One problem, one ticket: join, split, or say that two are not the same."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import TenantRequest
from tickets import finding, joining
from tickets.admin.forms import JoinForm
from tickets.admin.ticket_page import show
from tickets.models import Ticket


@require_POST
def join(request: TenantRequest, reference: str) -> HttpResponse:
    """Make this ticket and another one; the older is kept, unless it is solved or a part itself."""
    ticket, form = _visible(request, reference), JoinForm(request.POST)
    pair = _pair(request, ticket, form)
    if pair is None:
        return show(request, reference, bound={"join": form}, status=422)
    kept, joined = pair
    try:
        joining.join(kept=kept, joined=joined, by=request.viewer, now=request.now)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, reference, bound={"join": form}, status=422)
    words = {"kept": kept.reference, "joined": joined.reference}
    messages.success(request, _("One ticket now: %(joined)s is part of %(kept)s.") % words)
    return redirect("admin:ticket", kept.reference)


@require_POST
def not_the_same(request: TenantRequest, reference: str) -> HttpResponse:
    """Two tickets are not about the same: propose them no more."""
    ticket, form = _visible(request, reference), JoinForm(request.POST)
    pair = _pair(request, ticket, form)
    if pair is None:
        return show(request, reference, bound={"join": form}, status=422)
    kept, joined = pair
    try:
        joining.decline(kept=kept, joined=joined, by=request.viewer, now=request.now)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, reference, bound={"join": form}, status=422)
    return redirect("admin:ticket", ticket.reference)


@require_POST
def split(request: TenantRequest, reference: str) -> HttpResponse:
    """Make a part a ticket of its own again."""
    ticket = _visible(request, reference)
    try:
        joining.split(ticket=ticket, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is a ticket of its own again, with its own clocks."))
    return redirect("admin:ticket", ticket.reference)


def _order(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """What is kept, and what becomes part of it."""
    older, younger = sorted((one, other), key=lambda ticket: ticket.pk)
    keeps_younger = younger.is_unsolved and (
        not older.is_unsolved or (joining.has_parts(younger) and not joining.has_parts(older))
    )
    return (younger, older) if keeps_younger else (older, younger)


def _pair(request: TenantRequest, ticket: Ticket, form: JoinForm) -> tuple[Ticket, Ticket] | None:
    """The two, the one to keep first; None with the reason in the form's errors."""
    if not form.is_valid():
        return None
    text: str = form.cleaned_data["other"].strip().lstrip("#")
    reference = f"{ticket.organization.key}-{text}" if text.isdecimal() else text
    other = finding.by_reference(request.viewer, reference).select_related("organization").first()
    if other is None:
        form.add_error("other", _("There is no ticket “%(name)s”.") % {"name": text})
        return None
    return _order(ticket, other)


def _visible(request: TenantRequest, reference: str) -> Any:
    tickets = finding.by_reference(request.viewer, reference)
    return get_object_or_404(tickets.select_related("organization"))
