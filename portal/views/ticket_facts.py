"""Fill in what a break-glass ticket left out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.views.members import MemberRequest, for_members
from portal.views.ticket import refuse, show
from portal.views.ticket_form import FactsForm
from portal.views.ticket_page import visible_ticket
from tickets import lifecycle


@for_members
@require_POST
def facts(request: MemberRequest, reference: str) -> HttpResponse:
    ticket = visible_ticket(request, reference)
    form = FactsForm(request.POST)
    if not form.is_valid():
        return show(request, ticket, facts=form, status=422)
    try:
        lifecycle.edit_facts(ticket=ticket, by=request.viewer, now=request.now, **form.facts())
    except ValidationError as error:
        return refuse(request, reference, error, facts=form)
    return redirect("portal:ticket", ticket.reference)
