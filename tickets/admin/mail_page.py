"""Mail as it came: what waits in quarantine, and any mail whole."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any, Final

from csp.decorators import csp_update
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from accounts import access
from accounts.models import Organization, User
from accounts.requests import TenantRequest
from tickets import attachments
from tickets.admin.frame import frame
from tickets.admin.mail_forms import MailForms
from tickets.intake import letter, release, shown_html
from tickets.intake.letter import Letter
from tickets.intake.proof import Checks
from tickets.intake.reasons import ODDITIES, REMARKS, Reason
from tickets.models import Enquiry, Inbound, Ticket
from tickets.row_keys import row_key

LIMIT: Final = 100
MOST_SHOWN: Final = 100_000  # characters of a mail's text
Outcome = Inbound.Outcome


@dataclass(frozen=True, slots=True)
class Line:
    """A mail as lists and heads show it."""

    row: Inbound
    reason: str
    remark: str
    proof: str
    is_proven: bool
    is_unchecked: bool

    @classmethod
    def of(cls, row: Inbound) -> Line:
        verdict, how = [*row.data.get("proof", []), "", ""][:2]
        is_unchecked = how == "not checked"
        is_proven = verdict == "proven" and not is_unchecked
        reason = Reason(row.reason).label if row.reason in Reason.values else ""
        remark = str(REMARKS.get(row.data.get("remark", ""), ""))
        shown = "" if is_unchecked else how
        return cls(row, str(reason), remark, shown, is_proven, is_unchecked)


@require_safe
def quarantine(request: TenantRequest) -> HttpResponse:
    """What waits for a person, the latest first; with `view=all` whatever came in."""
    access.require(request.viewer, "mail.route")
    shows_all = request.GET.get("view") == "all"
    mails = Inbound.objects.filter(channel=Inbound.Channel.EMAIL).order_by("-received_at")
    if not shows_all:
        mails = mails.filter(outcome=Outcome.QUARANTINED)
    rows = list(mails.select_related("ticket__organization").defer("raw")[: LIMIT + 1])
    context = {
        "shows_all": shows_all,
        "lines": [Line.of(row) for row in rows[:LIMIT]],
        "more": len(rows) > LIMIT,
        "current_tab": "all" if shows_all else "quarantine",
        **frame(request, "mail"),
    }
    return render(request, "tickets/mail_quarantine.html", context)


@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def mail(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, found(request, pk))


@require_safe
def mail_html(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    """The HTML part alone, for a frame that runs nothing, loads nothing and is of no origin."""
    read = letter_of(found(request, pk))
    style = request.build_absolute_uri(static("css/mail-frame.css"))
    try:
        html = shown_html.harmless(read.mail)
    except shown_html.TooMuch:
        html = None
    context = {"html": html, "text": read.mail.text[:MOST_SHOWN], "style": style}
    response = HttpResponse(render_to_string("tickets/mail_html.html", context))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src data:; style-src {style}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; sandbox"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def download(request: TenantRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The mail as received, byte for byte."""
    return _file(bytes(found(request, pk).raw), f"mail-{pk}.eml")


@require_safe
def part(request: TenantRequest, pk: uuid.UUID, number: int) -> HttpResponseBase:
    """One of its files, counted from 0."""
    files = letter_of(found(request, pk)).mail.attachments
    if number >= len(files):
        raise Http404
    return _file(files[number].content, attachments.safe_name(files[number].name))


def found(request: TenantRequest, pk: uuid.UUID) -> Inbound:
    access.require(request.viewer, "mail.route")
    rows = Inbound.objects.filter(channel=Inbound.Channel.EMAIL)
    return get_object_or_404(rows.select_related("ticket__organization", "organization"), pk=pk)


def letter_of(row: Inbound) -> Letter:
    """Read it again; what was proven of it stands in the row and is not asked for twice."""
    recipients = row.envelope.get("recipients", [])
    return letter.read(bytes(row.raw), recipients=recipients, checks=Checks("authserv"))


def show(
    request: TenantRequest, row: Inbound, *, forms: MailForms | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; `forms` are those sent back, as typed."""
    read = letter_of(row)
    proposed = _proposed(row)
    context: dict[str, Any] = {
        "row": row,
        "line": Line.of(row),
        "mail": read.mail,
        "text": read.mail.text[:MOST_SHOWN],
        "headers": read.mail.headers,
        "files": list(enumerate(read.mail.attachments)),
        "recipients": row.envelope.get("recipients", []),
        "oddities": [ODDITIES.get(one, one) for one in row.data.get("problems", [])],
        "waits": row.outcome == Outcome.QUARANTINED,
        "can_be_placed": release.can_be_placed(row),
        "proposed": proposed,
        "twin": _twin(row),
        "enquiry": Enquiry.objects.filter(
            pk=row_key(str(row.data.get("enquiry", ""))) or 0
        ).first(),
        "forms": forms or MailForms.fresh(row, proposed, claimed_organization(row)),
        "limit": settings.MAIL_LIMIT,
        **frame(request, "mail"),
    }
    return render(request, "tickets/mail.html", context, status=status)


def claimed_organization(row: Inbound) -> Organization | None:
    """The one proposed, or the only one of the person it says it is from."""
    if proposed := row.data.get("proposed_organization"):
        return Organization.objects.filter(pk=proposed).first()
    person = User.objects.filter(pk=row.data.get("person") or 0).first()
    if person is None:
        return None
    own = list(Organization.objects.filter(membership__user=person)[:2])
    return own[0] if len(own) == 1 else None


def _proposed(row: Inbound) -> Ticket | None:
    key = row.data.get("proposed_ticket") or row.ticket_id
    return Ticket.objects.select_related("organization").filter(pk=key or 0).first()


def _twin(row: Inbound) -> Inbound | None:
    """The mail this one is a copy of."""
    return Inbound.objects.defer("raw").filter(pk=row.data.get("twin")).first()


def _file(content: bytes, name: str) -> HttpResponseBase:
    """Always as a download, never shown in the page."""

    response = FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
