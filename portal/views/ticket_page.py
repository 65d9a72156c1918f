"""Everything the ticket page shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts import access
from accounts.models import Event
from knowledge import languages
from portal.views.members import MemberRequest
from tickets import agreed_dates, ledger, transitions
from tickets.joining import current
from tickets.models import (
    Call,
    Entry,
    Escalation,
    Follower,
    MailMute,
    Page,
    Promise,
    SeverityChange,
    Ticket,
)
from tickets.models.ticket import Severity, State
from tickets.presentation.agreed import agreed
from tickets.presentation.explained import explained
from tickets.presentation.linked_articles import from_rows, linked_articles
from tickets.presentation.people import responsible
from tickets.presentation.promise_cells import (
    Status,
    nearest,
    promise_cells,
    promises_of,
    update_every,
)
from tickets.presentation.severity_view import severity_view
from tickets.presentation.timeline import timeline
from tickets.presentation.trail import Trail, trail


def visible_ticket(request: MemberRequest, reference: str) -> Ticket:
    """The ticket of that name in any organization of the viewer's; otherwise `Http404`.

    The number of a ticket that has become part of another one leads to that one.
    """
    found = _named(request, reference)
    return found if found.state != State.JOINED else _named(request, current(found).reference)


def _named(request: MemberRequest, reference: str) -> Ticket:
    key, _dash, number = reference.partition("-")
    followers = Follower.objects.filter(ticket=OuterRef("pk")).order_by("at", "pk")
    last_event = Event.objects.visible_to(request.viewer).filter(
        organization=OuterRef("organization_id")
    )
    found = (
        Ticket.objects.visible_to(request.viewer)
        .filter(organization__key=key, number=int(number))
        .select_related("organization", "product")
        .annotate(
            owner_name=F("owner__name"),
            owner_languages=F("owner__staff_profile__languages"),
            follower_list=ArraySubquery(
                followers.values(person=JSONObject(id="user_id", name="user__name"))
            ),
            agreed_row=agreed_dates.open_date(),
            article_rows=linked_articles(request.viewer),
            call_rows=Call.objects.visible_to(request.viewer).rows_of_ticket(),
            is_muted=Exists(MailMute.objects.filter(ticket=OuterRef("pk"), user=_user_id(request))),
            last_event=Subquery(last_event.order_by("-id").values("id")[:1]),
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def page_of(request: MemberRequest, ticket: Any) -> dict[str, Any]:
    """What the templates of a ticket need; `ticket` as `visible_ticket` gives it. Six queries."""
    viewer, now = request.viewer, request.now
    entries = Entry.objects.visible_to(viewer).conversation_of(ticket)
    events = Event.objects.visible_to(viewer).filter(organization_id=ticket.organization_id)
    promises = list(ledger.with_rows(promises_of(ticket)))
    pages = list(Page.objects.filter(ticket=ticket).select_related("escalation"))
    escalations = sorted({page.escalation for page in pages}, key=lambda row: row.pk)
    changes = list(SeverityChange.objects.filter(ticket=ticket).order_by("at", "id"))
    cells = promise_cells(promises, now, update_every=update_every(promises))
    next_clock = nearest(cells)
    followers = ticket.follower_list
    return {
        "ticket": ticket,
        "items": timeline(
            entries,
            events.about(ticket.event_subject),
            ticket.call_rows,
        ),
        "attachment_url": "portal:attachment",
        "cells": cells,
        "nearest": next_clock,
        "told": explained(promises, now),
        "trail": _trail(ticket, escalations, pages),
        "agreed": agreed(ticket.agreed_row),
        "rings": _is_about_to_ring(ticket, escalations, cells),
        "severity": severity_view(ticket, changes),
        "linked": from_rows(ticket.article_rows, languages.of_page()),
        "responsible": responsible(ticket.owner_languages or (), solved=not ticket.is_unsolved),
        "followers": followers,
        "follows": (follows := any(person["id"] == _user_id(request) for person in followers)),
        "gets_mails": follows or ticket.reporter_id == _user_id(request),
        "live_after": ticket.last_event,
        "may": permissions(request, ticket),
    }


def permissions(request: MemberRequest, ticket: Ticket) -> dict[str, bool]:
    """Which forms to show; the verbs decide for themselves."""
    organization = ticket.organization_id

    def may(verb: str, action: str) -> bool:
        allowed = access.allows(request.viewer, verb, organization)
        return allowed and transitions.allowed(ticket, action)

    return {
        "reply": may("ticket.reply", "customer_reply"),
        "close": may("ticket.close", "close"),
        "reopen": may("ticket.reopen", "reopen"),
        "severity": may("severity.change", "change_severity"),
        "consent": may("severity.consent", "change_severity"),
        "facts": may("ticket.edit_facts", "note") and ticket.state != State.CLOSED,
    }


def _trail(ticket: Ticket, escalations: list[Escalation], pages: list[Page]) -> Trail | None:
    """Once it is solved, nobody is next in line any more."""
    found = trail(escalations, pages)
    return found if found is None or ticket.is_unsolved else replace(found, next_names="")


def _is_about_to_ring(ticket: Ticket, escalations: list[Escalation], cells: list[Any]) -> bool:
    """Urgent and unanswered, and the first call has not gone out yet."""
    unanswered = any(
        cell.kind == Promise.Kind.RESPONSE and cell.status != Status.KEPT and cell.counts_down
        for cell in cells
    )
    return ticket.severity == Severity.URGENT and unanswered and not escalations


def _user_id(request: MemberRequest) -> int | None:
    return request.viewer.user.pk if request.viewer.user else None
