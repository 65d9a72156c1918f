"""Hear of a ticket, or no more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.views.members import MemberRequest, for_members
from portal.views.ticket_page import visible_ticket
from tickets import ownership


@for_members
@require_POST
def follow(request: MemberRequest, reference: str) -> HttpResponse:
    ticket = visible_ticket(request, reference)
    ownership.follow(ticket=ticket, by=request.viewer, now=request.now)
    return redirect("portal:ticket", ticket.reference)


@for_members
@require_POST
def unfollow(request: MemberRequest, reference: str) -> HttpResponse:
    ticket = visible_ticket(request, reference)
    ownership.unfollow(ticket=ticket, by=request.viewer, now=request.now)
    return redirect("portal:ticket", ticket.reference)
