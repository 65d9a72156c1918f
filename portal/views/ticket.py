"""The ticket page, and the parts of it that change by themselves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.views import drafts
from portal.views.members import MemberRequest, for_members
from portal.views.ticket_form import FactsForm
from portal.views.ticket_page import page_of, visible_ticket
from portal.views.uploads import Uploads
from tickets import attachments
from tickets.models import Ticket


@for_members
@require_safe
def ticket(request: MemberRequest, reference: str) -> HttpResponse:
    found = visible_ticket(request, reference)
    if found.reference != reference:
        return redirect("portal:ticket", found.reference)
    return show(request, found, finished_draft=drafts.take_finished(request))


@for_members
@require_safe
def ticket_live(request: MemberRequest, reference: str) -> HttpResponse:
    """The same parts the page is made of, without the forms a reader may be typing in."""
    context = page_of(request, visible_ticket(request, reference))
    response = render(request, "portal/_ticket_live.html", context)
    response["Cache-Control"] = "no-store"
    return response


def show(
    request: MemberRequest,
    found: Ticket,
    *,
    facts: FactsForm | None = None,
    text: str = "",
    severity_form: Mapping[str, str] | None = None,
    files: Uploads | None = None,
    problems: list[str] | None = None,
    status: int = 200,
    finished_draft: str = "",
) -> HttpResponse:
    """The whole page; after a refusal with what was typed and why it did not go through."""
    context: dict[str, Any] = page_of(request, found)
    if facts is None and context["may"]["facts"]:
        facts = FactsForm(initial=facts_of(found))
    context |= {
        "facts": facts,
        "facts_missing": not (found.product and found.platform and found.sdk_version),
        "text": text,
        "submission": uuid.uuid4(),
        "severity_form": severity_form or {"severity": "", "reason": ""},
        "files": files or Uploads(),
        "problems": problems or [],
        "max_bytes": attachments.MAX_BYTES,
        "draft_key": f"reply-{found.pk}",
        "finished_draft": finished_draft,
    }
    return render(request, "portal/ticket.html", context, status=status)


def refuse(
    request: MemberRequest, reference: str, error: forms.ValidationError, **kept: Any
) -> HttpResponse:
    """The page again, as the ticket is by now: 409 for a wrong state, 422 for bad input."""
    found = visible_ticket(request, reference)
    status = 409 if getattr(error, "code", None) == "wrong_state" else 422
    return show(request, found, problems=error.messages, status=status, **kept)


def facts_of(found: Ticket) -> dict[str, Any]:
    return {
        "product": found.product.key if found.product else "",
        "platform": found.platform,
        "sdk_version": found.sdk_version,
        "environment": found.environment,
    }
