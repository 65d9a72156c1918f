"""All tickets of the organization: filter, search, page back."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.views.members import MemberRequest, for_members
from portal.views.ticket_filter import TicketFilter, older_than
from tickets.models import Promise, Ticket
from tickets.presentation.ticket_row import ticket_rows

PAGE: Final = 25


@for_members
@require_safe
def tickets(request: MemberRequest) -> HttpResponse:
    """The whole name of a ticket goes straight to it, in any of the person's organizations."""
    form = TicketFilter(request.GET)
    visible = Ticket.objects.visible_to(request.viewer)
    if form.reference:
        key, number = form.reference
        if visible.filter(organization__key=key, number=number).exists():
            return redirect("portal:ticket", f"{key}-{number}")
    problems = form.problems
    found = form.narrow(visible.filter(organization=request.organization), request.viewer)
    place = request.GET.get("before", "")
    if place:
        older = older_than(found, place)
        if older is None:
            problems.append(_("This place in the list does not exist; here is its beginning."))
        found = found if older is None else older
    ordered = found.select_related("organization", "product").order_by("-updated_at", "-pk")
    page = list(ordered[: PAGE + 1])
    shown = page[:PAGE]
    running = Promise.objects.filter(ticket__in=shown, state=Promise.State.RUNNING)
    promises = running.select_related("calendar_version")
    context = {
        "form": form,
        "problems": problems,
        "chips": form.chips(),
        "rows": ticket_rows(shown, promises, request.now),
        "to_answer": (),
        "older": form.query_before(shown[-1]) if len(page) > PAGE else "",
        "newest": form.query_without("before") if place else None,
    }
    return render(request, "portal/tickets.html", context)
