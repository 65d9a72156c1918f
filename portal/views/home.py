"""The member's first page: what needs me, what is being worked on, who is on duty."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Exists, F, Min, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from portal.views.members import MemberRequest, for_members
from tickets.kept_promises import kept_since
from tickets.models import Promise, SeverityChange, Ticket
from tickets.oncall import duty
from tickets.presentation.people import on_duty_lines
from tickets.presentation.ticket_row import ticket_rows

SHOWN: Final = 8
LOOKED_AT: Final = 50
FIGURES_OVER: Final = dt.timedelta(days=30)


@for_members
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Unsolved tickets by their nearest promise; first those that wait for an answer or a yes."""
    organization = request.organization
    tickets = list(
        Ticket.objects.visible_to(request.viewer)
        .filter(organization=organization)
        .unsolved()
        .select_related("organization")
        .annotate(
            next_due=Min("promises__due_at", filter=Q(promises__state=Promise.State.RUNNING)),
            proposal=Exists(
                SeverityChange.objects.filter(
                    ticket=OuterRef("pk"), outcome=SeverityChange.Outcome.PROPOSED
                )
            ),
        )
        .order_by(F("next_due").asc(nulls_last=True), "-updated_at")[:LOOKED_AT]
    )
    to_answer = {ticket.pk for ticket in tickets if getattr(ticket, "proposal", False)}
    running = Promise.objects.filter(ticket__in=tickets, state=Promise.State.RUNNING)
    promises = running.select_related("calendar_version")
    rows = ticket_rows(tickets, promises, request.now)
    waiting = [row for row in rows if row.waits_for_customer or row.ticket.pk in to_answer]
    working = [row for row in rows if row not in waiting]
    contact = organization.dedicated_contact_id
    context = {
        "waiting": waiting[:SHOWN],
        "working": working[:SHOWN],
        "to_answer": to_answer,
        "on_duty": on_duty_lines(duty.now_on_duty(request.now, duty.front_line())),
        "contact": User.names.filter(pk=contact).first() if contact else None,
        "kept": kept_since(organization.pk, request.now - FIGURES_OVER),
    }
    return render(request, "portal/home.html", context)
