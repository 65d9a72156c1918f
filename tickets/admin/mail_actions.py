"""What staff make of a mail in quarantine: one address and one verb each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import TenantRequest
from tickets.admin import mail_page
from tickets.admin.mail_forms import CommentForm, MailForms, NoteForm, OpenForm
from tickets.intake import bounced, release
from tickets.models import Inbound
from tickets.models.ticket import Severity

with_frame = csp_update({"frame-src": ["'self'"]})


@require_POST
def replay(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    return _simply(
        request,
        pk,
        lambda row: release.replay(row=row, by=request.viewer, now=request.now),
        _("It is understood anew in a moment."),
    )


@require_POST
def discard(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    return _simply(
        request,
        pk,
        lambda row: release.discard(row=row, by=request.viewer, now=request.now),
        _("Set aside. It is kept, and nothing was made of it."),
    )


@require_POST
def enquiry(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    row = mail_page.found(request, pk)
    try:
        made = release.as_enquiry(
            row=row, letter=mail_page.letter_of(row), by=request.viewer, now=request.now
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("admin:mail", pk)
    return redirect("admin:enquiry", made.pk)


@with_frame  # type: ignore[arg-type]
@require_POST
def comment(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    """It becomes what a member wrote in a ticket; whoever says so has made sure."""
    form = CommentForm(request.POST, auto_id="comment_%s")

    def act(row: Inbound) -> str:
        ticket = form.chosen(request.viewer)
        release.as_comment(
            row=row,
            letter=mail_page.letter_of(row),
            ticket=ticket,
            person=form.chosen_person(),
            by=request.viewer,
            now=request.now,
        )
        return ticket.reference

    return _by_form(request, pk, "comment", form, act)


@with_frame  # type: ignore[arg-type]
@require_POST
def note(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    form = NoteForm(request.POST, auto_id="note_%s")

    def act(row: Inbound) -> str:
        ticket = form.chosen(request.viewer)
        read = mail_page.letter_of(row)
        release.as_note(row=row, letter=read, ticket=ticket, by=request.viewer, now=request.now)
        return ticket.reference

    return _by_form(request, pk, "note", form, act)


@with_frame  # type: ignore[arg-type]
@require_POST
def open_ticket(request: TenantRequest, pk: uuid.UUID) -> HttpResponse:
    form = OpenForm(request.POST, auto_id="open_%s")

    def act(row: Inbound) -> str:
        person = form.chosen_person()
        return release.as_ticket(
            row=row,
            letter=mail_page.letter_of(row),
            organization=form.chosen_organization(person),
            person=person,
            severity=Severity(form.cleaned_data["severity"]),
            by=request.viewer,
            now=request.now,
        ).reference

    return _by_form(request, pk, "open", form, act)


@require_POST
def forgive(request: TenantRequest) -> HttpResponse:
    """Mail to an address that bounced may be tried again."""
    address = request.POST.get("address", "")[:254].replace("\x00", "").lower()
    bounced.forgive(address=address, by=request.viewer, now=request.now)
    messages.success(request, _("Mail to this address is tried again."))
    reference = request.POST.get("ticket", "")
    if reference.replace("-", "").isalnum() and reference.isascii():
        return redirect("admin:ticket", reference)
    enquiry = request.POST.get("enquiry", "")
    if enquiry.isdecimal() and enquiry.isascii() and len(enquiry) < 19:
        return redirect("admin:enquiry", int(enquiry))
    return redirect("admin:quarantine")


def _simply(
    request: TenantRequest, pk: uuid.UUID, act: Callable[[Inbound], None], told: str
) -> HttpResponse:
    try:
        act(mail_page.found(request, pk))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("admin:mail", pk)
    messages.success(request, told)
    return redirect("admin:quarantine")


def _by_form(
    request: TenantRequest,
    pk: uuid.UUID,
    name: str,
    form: forms.Form,
    act: Callable[[Inbound], str],
) -> HttpResponse:
    """Do it and go to the ticket; what is refused is said at the form."""
    row = mail_page.found(request, pk)
    if form.is_valid():
        try:
            reference = act(row)
        except ValidationError as error:
            if getattr(error, "code", "") == "wrong_state":  # the form is gone with it
                messages.warning(request, " ".join(error.messages))
                return redirect("admin:mail", pk)
            _add(form, error)
        except PermissionDenied as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done: it stands in %(ticket)s.") % {"ticket": reference})
            return redirect("admin:ticket", reference)
    fresh = MailForms.fresh(row, None, mail_page.claimed_organization(row))
    shown = replace(fresh, sent=name, **{name: form})
    return mail_page.show(request, row, forms=shown, status=422)


def _add(form: forms.Form, error: ValidationError) -> None:
    """At the field, where it is one of the form's; else above all of them."""
    named = getattr(error, "error_dict", {})
    if named and set(named) <= set(form.fields):
        form.add_error(None, error)
    else:
        form.add_error(None, " ".join(error.messages))
