"""Close a ticket, or take it up again."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import access
from portal.views import uploads
from portal.views.members import MemberRequest, for_members
from portal.views.ticket import refuse
from portal.views.ticket_page import visible_ticket
from portal.views.ticket_reply import write
from tickets import lifecycle
from tickets.models.ticket import State


@for_members
@require_POST
def close(request: MemberRequest, reference: str) -> HttpResponse:
    """ "Solved, close it". What stands in the composer is sent first: both happen or neither.

    Sent twice, the second finds its text written and the ticket closed, and has nothing to do.
    """
    ticket = visible_ticket(request, reference)
    access.require(request.viewer, "ticket.close", ticket.organization_id)
    text, files = request.POST.get("body", ""), uploads.take(request, ticket.organization)
    try:
        with transaction.atomic():
            if text.strip() or files.drafts or files.errors:
                write(request, ticket, text, files)
                ticket.refresh_from_db(fields=["state"])
                if ticket.state == State.CLOSED:
                    return redirect("portal:ticket", ticket.reference)
            lifecycle.close(ticket=ticket, by=request.viewer, now=request.now)
    except ValidationError as error:
        return refuse(request, reference, error, text=text, files=files)
    return redirect("portal:ticket", ticket.reference)


@for_members
@require_POST
def reopen(request: MemberRequest, reference: str) -> HttpResponse:
    ticket = visible_ticket(request, reference)
    try:
        lifecycle.reopen(ticket=ticket, by=request.viewer, now=request.now)
    except ValidationError as error:
        return refuse(request, reference, error)
    return redirect("portal:ticket", ticket.reference)
