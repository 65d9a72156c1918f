"""What engineers do to a ticket: one address and one verb each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import TenantRequest
from tickets import (
    attachments,
    calling_help,
    escalation,
    finding,
    handover,
    lifecycle,
    ownership,
    severity,
)
from tickets.admin.forms import EscalateForm, FactsForm, HandOverForm, MessageForm, SeverityForm
from tickets.admin.frame import frame
from tickets.admin.next_update_form import ReplyForm, customers_zone
from tickets.admin.ticket_page import show
from tickets.models import SeverityChange, Ticket
from tickets.models.ticket import Severity
from tickets.row_keys import row_key

Form = TypeVar("Form", bound=MessageForm)


@require_POST
def reply(request: TenantRequest, reference: str) -> HttpResponse:
    """Write to the customer."""

    def send(ticket: Ticket, form: ReplyForm, files: Sequence[UUID]) -> str:
        next_update_at = form.promised(ticket, request.now)
        lifecycle.reply(
            ticket=ticket,
            by=request.viewer,
            body=form.cleaned_data["body"],
            ask_customer=form.cleaned_data["ask_customer"],
            attachment_ids=files,
            submission=form.cleaned_data["submission"],
            next_update_at=next_update_at,
            now=request.now,
        )
        return _sent(ticket, next_update_at)

    return _write(request, reference, "reply", ReplyForm, send)


@require_POST
def note(request: TenantRequest, reference: str) -> HttpResponse:
    """Write an internal note. Nothing sent to this address can become a reply."""

    def keep(ticket: Ticket, form: MessageForm, files: Sequence[UUID]) -> str:
        lifecycle.add_note(
            ticket=ticket,
            by=request.viewer,
            body=form.cleaned_data["body"],
            attachment_ids=files,
            submission=form.cleaned_data["submission"],
            now=request.now,
        )
        return _("Noted.")

    return _write(request, reference, "note", MessageForm, keep)


@require_POST
def severity_change(request: TenantRequest, reference: str) -> HttpResponse:
    ticket, form = _visible(request, reference), SeverityForm(request.POST)
    if form.is_valid():
        try:
            change = severity.change(
                ticket=ticket,
                by=request.viewer,
                to=Severity(form.cleaned_data["severity"]),
                reason=form.cleaned_data["reason"],
                now=request.now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            proposed = change.outcome == SeverityChange.Outcome.PROPOSED
            messages.success(
                request,
                _("Proposed. It holds once the customer agrees or a manager decides.")
                if proposed
                else _("The severity is changed."),
            )
            return redirect("admin:ticket", ticket.reference)
    return show(request, reference, bound={"severity": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: TenantRequest, reference: str) -> HttpResponse:
    """Product, platform, version and environment, on a page of their own."""
    ticket = _visible(request, reference)
    form = FactsForm(request.POST) if request.method == "POST" else FactsForm.of(ticket)
    if form.is_bound and form.is_valid():
        try:
            lifecycle.edit_facts(
                ticket=ticket, by=request.viewer, now=request.now, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("admin:ticket", ticket.reference)
    context = {"ticket": ticket, "form": form} | frame(request, "")
    status = 422 if form.is_bound else 200
    return render(request, "tickets/ticket_facts.html", context, status=status)


@require_POST
def assign(request: TenantRequest, reference: str) -> HttpResponse:
    """`owner` is "me", a person's number, or empty for nobody."""
    chosen = request.POST.get("owner", "")
    owner: User | None = None
    if chosen == "me":
        owner = request.viewer.user
    elif chosen:
        people = User.objects.filter(is_staff=True, is_active=True)
        owner = get_object_or_404(people, pk=row_key(chosen))
    return _act(request, reference, ownership.assign, owner=owner)


@require_POST
def hand_over(request: TenantRequest, reference: str) -> HttpResponse:
    """Propose the ticket to another engineer; it is theirs once they accept."""
    ticket, form = _visible(request, reference), HandOverForm(request.POST)
    if form.is_valid():
        try:
            handover.propose(
                ticket=ticket,
                by=request.viewer,
                to=form.cleaned_data["to"],
                note=form.cleaned_data["note"],
                now=request.now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            told = _("Proposed to %(name)s. Until they accept, nothing changes.")
            messages.success(request, told % {"name": form.cleaned_data["to"].name})
            return redirect("admin:ticket", ticket.reference)
    return show(request, reference, bound={"hand_over": form}, status=422)


@require_POST
def resolve(request: TenantRequest, reference: str) -> HttpResponse:
    return _act(request, reference, lifecycle.resolve)


@require_POST
def close(request: TenantRequest, reference: str) -> HttpResponse:
    return _act(request, reference, lifecycle.close)


@require_POST
def reopen(request: TenantRequest, reference: str) -> HttpResponse:
    return _act(request, reference, lifecycle.reopen)


@require_POST
def ring(request: TenantRequest, reference: str) -> HttpResponse:
    told = _("The engineers on duty are being rung.")
    return _act(request, reference, calling_help.ring_by_hand, told=told)


@require_POST
def escalate(request: TenantRequest, reference: str) -> HttpResponse:
    """Call people of a higher level, with the reason."""
    ticket, form = _visible(request, reference), EscalateForm(request.POST)
    if form.is_valid():
        try:
            calling_help.escalate(
                ticket=ticket, by=request.viewer, now=request.now, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request,
                _("They are being rung. Whoever was responsible stays so until somebody takes it."),
            )
            return redirect("admin:ticket", ticket.reference)
    return show(request, reference, bound={"escalate": form}, status=422)


@require_POST
def acknowledge(request: TenantRequest, reference: str) -> HttpResponse:
    """ "I'm on it": ringing stops; if somebody else was first, their name is said."""
    ticket = _visible(request, reference)
    try:
        taken = escalation.acknowledge(ticket=ticket, by=request.viewer, now=request.now)
    except escalation.NothingRinging as nothing:
        messages.warning(request, str(nothing))
    else:
        if taken.taken:
            messages.success(request, _("It is yours. Nobody else is rung."))
        else:
            messages.warning(request, _("%(name)s was first.") % {"name": taken.by_name})
    return redirect("admin:ticket", ticket.reference)


def _visible(request: TenantRequest, reference: str) -> Ticket:
    tickets = finding.by_reference(request.viewer, reference)
    return get_object_or_404(tickets.select_related("organization"))


def _act(
    request: TenantRequest, reference: str, verb: Callable[..., Any], *, told: str = "", **more: Any
) -> HttpResponse:
    """Do it, and go back to the ticket with what came of it."""
    ticket = _visible(request, reference)
    try:
        verb(ticket=ticket, by=request.viewer, now=request.now, **more)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if told:
            messages.success(request, told)
    return redirect("admin:ticket", ticket.reference)


def _sent(ticket: Ticket, next_update_at: dt.datetime | None) -> str:
    """What came of a reply: a time that was promised is said again as the customer reads it."""
    if next_update_at is None:
        return _("Sent.")
    theirs = next_update_at.astimezone(customers_zone(ticket))
    day = date_format(theirs, pgettext("date format", "D j M, H:i"))
    words = {"due": f"{day} {theirs:%Z}"}
    return _("Sent. The next update is promised by %(due)s, the customer's time.") % words


def _write(
    request: TenantRequest,
    reference: str,
    kind: str,
    form_class: type[Form],
    send: Callable[[Ticket, Form, Sequence[UUID]], str],
) -> HttpResponse:
    """Send what was written, or show it again with the reason; files are kept as drafts."""
    ticket, form = _visible(request, reference), form_class(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        kept = list(form.cleaned_data["attachment"])
        try:
            for upload in form.cleaned_data["files"]:
                draft = attachments.keep(
                    by=request.viewer,
                    organization_id=ticket.organization_id,
                    upload=upload,
                    now=request.now,
                )
                kept.append(draft.pk)
            told = send(ticket, form, kept)
        except ValidationError as error:
            if any(one.code == "too_large" for one in _flat(error)):
                status = 413
            form.add_error(None, error)
            form.kept = kept
        else:
            messages.success(request, told, extra_tags=f"desk-{kind}-{ticket.pk}")
            return redirect("admin:ticket", ticket.reference)
    return show(request, reference, bound={kind: form}, status=status)


def _flat(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return list(error.error_list)
