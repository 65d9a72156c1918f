"""Change the severity, or answer a proposal to lower it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.views.members import MemberRequest, for_members
from portal.views.ticket import refuse
from portal.views.ticket_page import visible_ticket
from tickets import severity
from tickets.models import SeverityChange
from tickets.models.ticket import Severity

REASON_LIMIT = SeverityChange._meta.get_field("reason").max_length or 0


@for_members
@require_POST
def change(request: MemberRequest, reference: str) -> HttpResponse:
    """The customer's word is in force at once."""
    ticket = visible_ticket(request, reference)
    wanted, reason = request.POST.get("severity", ""), request.POST.get("reason", "")
    try:
        to = _severity(wanted)
        _check(reason)
        severity.change(ticket=ticket, by=request.viewer, to=to, reason=reason, now=request.now)
    except ValidationError as error:
        typed = {"severity": wanted, "reason": reason}
        return refuse(request, reference, error, severity_form=typed)
    return redirect("portal:ticket", ticket.reference)


@for_members
@require_POST
def answer(request: MemberRequest, reference: str) -> HttpResponse:
    """Agree to a proposed downgrade, or keep the severity."""
    ticket = visible_ticket(request, reference)
    word = request.POST.get("answer", "")
    try:
        if word not in ("agree", "keep"):
            raise ValidationError(_("Choose whether you agree or keep the severity."))
        severity.answer_proposal(
            ticket=ticket, by=request.viewer, agree=word == "agree", now=request.now
        )
    except ValidationError as error:
        return refuse(request, reference, error)
    return redirect("portal:ticket", ticket.reference)


def _severity(value: str) -> Severity:
    if value not in Severity.values:
        raise ValidationError(_("Choose one of the severities."))
    return Severity(value)


def _check(reason: str) -> None:
    if "\x00" in reason:
        raise ValidationError(_("The text contains a NUL byte, which cannot be kept."))
    if len(reason) > REASON_LIMIT:
        raise ValidationError(
            _("The reason is %(length)d characters long; at most %(limit)d fit.")
            % {"length": len(reason), "limit": REASON_LIMIT}
        )
