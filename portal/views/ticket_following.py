"""Hear of a ticket, or no more; by mail, or only on its page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.own_paths import own_path
from portal.addresses import ticket_path
from portal.views.members import MemberRequest, for_members
from portal.views.ticket_page import visible_ticket
from tickets import mail_mutes, ownership


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


@for_members
@require_POST
def mute(request: MemberRequest, reference: str) -> HttpResponse:
    ticket = visible_ticket(request, reference)
    mail_mutes.mute(ticket=ticket, by=request.viewer, now=request.now)
    return redirect("portal:ticket", ticket.reference)


@for_members
@require_POST
def unmute(request: MemberRequest, reference: str) -> HttpResponse:
    """Back to the page with the button: the ticket's, or the settings."""
    ticket = visible_ticket(request, reference)
    mail_mutes.unmute(ticket=ticket, by=request.viewer, now=request.now)
    back = own_path(request.POST.get("next"))
    return redirect(back if back != "/" else ticket_path(ticket, for_staff=False))
