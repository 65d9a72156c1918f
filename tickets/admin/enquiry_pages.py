"""Enquiries of people who are no members: a list, the conversation, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets import attachments, enquiries, enquiry_files
from tickets.admin import downloads
from tickets.admin.forms import FilesField, IdsField, SubmissionField
from tickets.admin.frame import frame
from tickets.admin.mail_forms import TicketForm
from tickets.models import BouncedAddress, Enquiry, EnquiryFile

LIMIT: Final = 100
VIEWS: Final = {
    "open": (gettext_lazy("To answer"), (Enquiry.State.OPEN,)),
    "answered": (gettext_lazy("Answered"), (Enquiry.State.ANSWERED,)),
    "ended": (
        gettext_lazy("Ended"),
        (Enquiry.State.CLOSED, Enquiry.State.LINKED, Enquiry.State.SPAM),
    ),
}


class AnswerForm(forms.Form):
    """`kept` are the keys of files that wait as drafts when the form is shown again.

    `submission` makes a second click send no second mail.
    """

    kept: Sequence[UUID] = ()

    body = forms.CharField(
        label=gettext_lazy("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Please write something.")},
    )
    files = FilesField(required=False, label=gettext_lazy("Files"))  # type: ignore[assignment]
    attachment = IdsField(required=False)
    submission = SubmissionField()


@require_safe
def enquiry_list(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "enquiry.answer")
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "open"
    rows = Enquiry.objects.filter(state__in=VIEWS[view][1]).order_by("-updated_at")
    shown = list(rows.select_related("ticket__organization")[: LIMIT + 1])
    context = {
        "enquiries": shown[:LIMIT],
        "more": len(shown) > LIMIT,
        "views": [
            {"key": key, "label": label, "current": key == view}
            for key, (label, _states) in VIEWS.items()
        ],
        "current_tab": "enquiries",
        **frame(request, "mail"),
    }
    return render(request, "tickets/enquiries.html", context)


@require_safe
def enquiry(request: TenantRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk))


@require_POST
def answer(request: TenantRequest, pk: int) -> HttpResponse:
    found, form = _found(request, pk), AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        kept = list(form.cleaned_data["attachment"])
        try:
            for upload in form.cleaned_data["files"]:
                draft = enquiry_files.keep(
                    enquiry=found, by=request.viewer, upload=upload, now=request.now
                )
                kept.append(draft.pk)
            enquiries.reply(
                enquiry=found,
                by=request.viewer,
                body=form.cleaned_data["body"],
                file_ids=kept,
                submission=form.cleaned_data["submission"],
                now=request.now,
            )
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            form.kept = kept
        else:
            messages.success(request, _("Sent to %(address)s.") % {"address": found.address})
            return redirect("admin:enquiry", pk)
    return _show(request, found, answer=form, status=422)


@require_POST
def link(request: TenantRequest, pk: int) -> HttpResponse:
    found, form = _found(request, pk), TicketForm(request.POST)
    if form.is_valid():
        try:
            ticket = form.chosen(request.viewer)
            enquiries.link(enquiry=found, ticket=ticket, by=request.viewer, now=request.now)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            return redirect("admin:ticket", ticket.reference)
    return _show(request, found, link=form, status=422)


@require_POST
def close(request: TenantRequest, pk: int) -> HttpResponse:
    found, how = _found(request, pk), request.POST.get("as", "")
    is_spam = how == "spam"
    try:
        if how not in ("", "spam"):
            raise ValidationError(_("An enquiry ends as spam or just so."))
        enquiries.close(enquiry=found, by=request.viewer, now=request.now, is_spam=is_spam)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("admin:enquiry", pk)
    messages.success(request, _("Ended as spam.") if is_spam else _("Ended."))
    return redirect("admin:enquiries")


@require_safe
def file(request: TenantRequest, pk: int, file_id: UUID) -> FileResponse:
    """A file we sent: always as a download, never shown in the page."""
    rows = EnquiryFile.objects.filter(enquiry=_found(request, pk), message__isnull=False)
    return downloads.of(get_object_or_404(rows, pk=file_id))


def _found(request: TenantRequest, pk: int) -> Enquiry:
    access.require(request.viewer, "enquiry.answer")
    rows = Enquiry.objects.select_related("ticket__organization")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: TenantRequest,
    found: Enquiry,
    *,
    answer: AnswerForm | None = None,
    link: TicketForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "enquiry": found,
        "conversation": found.messages.select_related("author", "inbound")
        .defer("inbound__raw")
        .prefetch_related("files")
        .order_by("at", "pk"),
        "kept_files": EnquiryFile.objects.filter(
            pk__in=answer.kept if answer else (), uploader=request.viewer.user, message=None
        ),
        "max_bytes": attachments.MAX_BYTES,
        "is_mail": found.channel == Enquiry.Channel.EMAIL,
        "bounce": BouncedAddress.objects.filter(address=found.address).first(),
        "answer_form": answer or AnswerForm(),
        "link_form": link or TicketForm(),
        "links": link is not None,
        **frame(request, "mail"),
    }
    return render(request, "tickets/enquiry.html", context, status=status)
