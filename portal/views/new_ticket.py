"""Open a ticket."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access
from portal.views import drafts, uploads
from portal.views.members import MemberRequest, for_members
from portal.views.ticket_form import TicketForm, facts_of_last_ticket
from portal.views.uploads import Uploads
from tickets import attachments, lifecycle
from tickets.models import Ticket
from tickets.models.ticket import Severity

DRAFT = "new-ticket"


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: MemberRequest) -> HttpResponse:
    """The form, prefilled from last time; sent back with everything in it if something is wrong."""
    access.require(request.viewer, "ticket.open", request.organization.pk)
    if request.method != "POST":
        start = facts_of_last_ticket(request.viewer, request.organization)
        start["subject"] = request.GET.get("subject", "")[:200].replace("\x00", "")
        form = TicketForm(initial=start, organization=request.organization, now=request.now)
        return _page(request, form, Uploads())
    form = TicketForm(request.POST, organization=request.organization, now=request.now)
    files = uploads.take(request, request.organization)
    ticket = _open(request, form, files) if form.is_valid() and not files.errors else None
    if ticket is None:
        return _page(request, form, files, status=413 if files.too_large else 422)
    drafts.finished(request, DRAFT)
    return redirect("portal:ticket", ticket.reference)


def _open(request: MemberRequest, form: TicketForm, files: Uploads) -> Ticket | None:
    try:
        return lifecycle.open_ticket(
            by=request.viewer,
            organization=request.organization,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            severity=Severity(form.cleaned_data["severity"]),
            attachment_ids=files.ids,
            submission=form.cleaned_data["submission"],
            now=request.now,
            **form.facts(),
        )
    except ValidationError as error:
        form.take_errors(error)
        return None


def _page(
    request: MemberRequest, form: TicketForm, files: Uploads, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "files": files,
        "max_bytes": attachments.MAX_BYTES,
        "draft_key": DRAFT,
    }
    return render(request, "portal/new_ticket.html", context, status=status)
