"""The ticket: promise clocks, conversation and composer, and all we know of the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import access
from accounts.access import Role
from accounts.requests import TenantRequest
from knowledge import languages
from tickets import attachments, join_proposals, transitions
from tickets.admin import next_update_form, reading
from tickets.admin.forms import (
    AgreedDateForm,
    EscalateForm,
    HandOverForm,
    JoinForm,
    MessageForm,
    SeverityForm,
)
from tickets.admin.frame import frame
from tickets.admin.next_update_form import ReplyForm
from tickets.admin.queue_page import column
from tickets.models import Attachment, SeverityChange, Ticket
from tickets.models.ticket import Channel, Severity, State
from tickets.oncall.qualification import LEVELS, rank
from tickets.presentation.agreed import agreed
from tickets.presentation.handover_lines import HandoverLine
from tickets.presentation.linked_articles import from_rows

PARTS = {"main": "tickets/_ticket_main.html", "side": "tickets/_ticket_side.html"}


@require_safe
def ticket(request: TenantRequest, reference: str) -> HttpResponse:
    return show(request, reference)


@require_safe
def ticket_live(request: TenantRequest, reference: str, part: str) -> HttpResponse:
    """One part of the page, fetched again when something changed."""
    if part not in PARTS:
        raise Http404
    return render(request, PARTS[part], _context(request, reference))


def show(
    request: TenantRequest,
    reference: str,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `bound` are forms sent back, by the name of what they do."""
    bound = bound or {}
    context = _context(request, reference)
    context["reply_form"] = bound.get("reply") or ReplyForm()
    context["note_form"] = bound.get("note") or MessageForm()
    context["kept_files"] = _kept_files(request, bound)
    context["writes_note"] = "note" in bound or request.GET.get("write") == "note"
    for name in {"severity", "escalate", "date", "hand_over", "join"} & set(bound):
        context[f"{name}_form"] = bound[name]
    context |= next_update_form.control(context["ticket"], context["present_policy"], request.now)
    context |= frame(request, "") | column(request, context["ticket"].reference)
    return render(request, "tickets/ticket.html", context, status=status)


def _context(request: TenantRequest, reference: str) -> dict[str, Any]:
    viewer = request.viewer
    found = get_object_or_404(reading.with_context(viewer, reference))
    handovers = [HandoverLine.of(row) for row in found.handover_rows]
    return {
        "ticket": found,
        "plan": found.organization.entitlements,
        "hand_over_form": HandOverForm(),
        "join_form": JoinForm(),
        "handovers": handovers,
        "handover": next((line for line in handovers if line.stands_for(found)), None),
        "severity_form": SeverityForm(initial={"severity": found.severity}),
        "escalate_form": EscalateForm(initial={"level": _one_above(viewer.level)}),
        "downgrade_is_a_proposal": not access.allows(viewer, "severity.decide"),
        "date_form": AgreedDateForm(),
        "agreed": agreed(found.agreed_row),
        "can": _can(found),
        "max_bytes": attachments.MAX_BYTES,
        "members": [
            {"name": row["name"], "role": Role(row["role"]).label}
            for row in found.member_rows[: reading.MEMBERS_SHOWN]
        ],
        "peaks": reading.peaks_of(found),
        "more_members": len(found.member_rows) > reading.MEMBERS_SHOWN,
        "ledger": [_ledger_line(row) for row in found.ledger_rows],
        "linked": from_rows(found.article_rows, languages.of_page()),
        "language": languages.of_page(),
        "proposals": join_proposals.proposals(found, viewer),
        "parts": [_joined(found, row) for row in found.part_rows],
        "joined_to": next((_joined(found, row) for row in found.whole_rows), None),
        "open_others": [_other(found, row) for row in found.open_rows],
        "past_others": [_other(found, row) for row in found.past_rows],
        **reading.story(found, viewer, request.now),
    }


def _one_above(level: str) -> str:
    """The next level up; a lead asks other leads."""
    return LEVELS[min(rank(level) + 1, len(LEVELS) - 1)]


def _can(found: Ticket) -> dict[str, bool]:
    """Which actions the state allows; who may is asked again by the verbs."""
    actions = (
        "staff_reply",
        "ask_customer",
        "assign",
        "change_severity",
        "reopen",
        "escalate",
        "agree_date",
    )
    return {
        **{action: transitions.allowed(found, action) for action in actions},
        "join": found.state != State.JOINED,
        "hand_over": transitions.allowed(found, "hand_over") and found.owner_id is not None,
        "resolve": transitions.allowed(found, "resolve") and found.state != State.NEW,
        "close": found.state == State.RESOLVED,
    }


def _ledger_line(row: dict[str, str]) -> dict[str, Any]:
    return row | {
        "before": Severity(row["before"]).label if row["before"] else "",
        "after": Severity(row["after"]).label,
        "outcome": SeverityChange.Outcome(row["outcome"]).label if row["before"] else "",
    }


def _other(found: Ticket, row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "reference": f"{found.organization.key}-{row['number']}",
        "severity": Severity(row["severity"]).label,
        "state": State(row["state"]).label,
    }


def _joined(found: Ticket, row: dict[str, Any]) -> dict[str, Any]:
    """A part of the ticket, or what it is part of."""
    return row | {
        "reference": f"{found.organization.key}-{row['number']}",
        "channel": Channel(row["channel"]).label if "channel" in row else "",
        "at": dt.datetime.fromisoformat(row["at"]),
    }


def _kept_files(request: TenantRequest, bound: Mapping[str, forms.Form]) -> list[Attachment]:
    """Files of a form sent back: kept as the writer's drafts, to go with the next try."""
    form = bound.get("reply") or bound.get("note")
    ids = getattr(form, "kept", ())
    if not ids:
        return []
    return list(Attachment.objects.visible_to(request.viewer).filter(pk__in=ids, entry=None))
