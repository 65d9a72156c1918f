"""Write a reply."""

from __future__ import annotations

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import access
from portal.views import drafts, uploads
from portal.views.members import MemberRequest, for_members
from portal.views.ticket import refuse
from portal.views.ticket_page import visible_ticket
from portal.views.uploads import Uploads
from tickets import lifecycle
from tickets.models import Ticket

SUBMISSION: Final = forms.UUIDField(
    required=False,
    error_messages={"invalid": _("This message has no mark of its own. Reload the page.")},
)


@for_members
@require_POST
def reply(request: MemberRequest, reference: str) -> HttpResponse:
    """The composer. What cannot be sent comes back with text and files."""
    ticket = visible_ticket(request, reference)
    access.require(request.viewer, "ticket.reply", ticket.organization_id)
    text, files = request.POST.get("body", ""), uploads.take(request, ticket.organization)
    try:
        key = write(request, ticket, text, files)
    except ValidationError as error:
        response = refuse(request, reference, error, text=text, files=files)
        response.status_code = 413 if files.too_large else response.status_code
        return response
    return redirect(f"{request.path.removesuffix('reply/')}#{key}")


def write(request: MemberRequest, ticket: Ticket, text: str, files: Uploads) -> str:
    """Send what the composer holds; returns the place of the message on the page."""
    if files.errors:
        raise ValidationError(files.errors)
    entry = lifecycle.reply(
        ticket=ticket,
        by=request.viewer,
        body=text,
        attachment_ids=files.ids,
        submission=SUBMISSION.clean(request.POST.get("submission")),
        now=request.now,
    )
    drafts.finished(request, f"reply-{ticket.pk}")
    return f"message-{entry.pk}"
