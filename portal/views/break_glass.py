""" "Production is down": one field, and an engineer is rung."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.models import Organization
from portal.views import drafts
from portal.views.members import MemberRequest, for_members
from portal.views.ticket_form import FactsForm, facts_of_last_ticket
from tickets import lifecycle, policies, texts
from tickets.models import Ticket
from tickets.models.ticket import Channel, Environment, Severity
from tickets.presentation.severity_choices import answer_promise, in_words

DRAFT = "break-glass"


class BreakGlassForm(FactsForm):
    """One field to fill in; the rest is known from last time or asked for afterwards."""

    body = forms.CharField(
        label=_("What is broken?"),
        max_length=texts.BODY_LIMIT,
        widget=forms.Textarea(
            {
                "rows": 4,
                "autofocus": True,
                "placeholder": _("Chat is dead in all big rooms since about 02:50."),
            }
        ),
        error_messages={"required": _("Say in a few words what is broken.")},
    )
    organization = forms.ChoiceField(label=_("Organization"))
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organizations: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("platform", "sdk_version", "environment"):
            del self.fields[name]
        field = self.fields["organization"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(each.key, each.name) for each in organizations]


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: MemberRequest) -> HttpResponse:
    """Open an urgent production ticket from one sentence; the ticket's page asks for the rest."""
    writable = [
        each
        for each in request.organizations
        if access.allows(request.viewer, "ticket.open", each.pk)
    ]
    if not writable:
        access.require(request.viewer, "ticket.open", request.organization.pk)
    current = request.organization if request.organization in writable else writable[0]
    if request.method != "POST":
        start = facts_of_last_ticket(request.viewer, current) | {
            "organization": current.key,
            "submission": uuid.uuid4(),
        }
        return _page(request, BreakGlassForm(initial=start, organizations=writable), current)
    data = request.POST.copy()
    data.setdefault("organization", current.key)
    form = BreakGlassForm(data, organizations=writable)
    chosen = {each.key: each for each in writable}
    if form.is_valid():
        organization = chosen[form.cleaned_data["organization"]]
        ticket = _open(request, form, organization)
        if ticket is not None:
            drafts.finished(request, DRAFT)
            return redirect("portal:ticket", ticket.reference)
    return _page(request, form, current, status=422)


def _open(
    request: MemberRequest, form: BreakGlassForm, organization: Organization
) -> Ticket | None:
    body = form.cleaned_data["body"]
    try:
        return lifecycle.open_ticket(
            by=request.viewer,
            organization=organization,
            subject=texts.subject_from(body),
            body=body,
            severity=Severity.URGENT,
            product=form.cleaned_data["product"],
            environment=Environment.PRODUCTION,
            channel=Channel.BREAK_GLASS,
            submission=form.cleaned_data["submission"],
            now=request.now,
        )
    except ValidationError as error:
        form.take_errors(error)
        return None


def _page(
    request: MemberRequest, form: BreakGlassForm, organization: Organization, status: int = 200
) -> HttpResponse:
    promised = policies.in_force(organization.plan, Severity.URGENT, request.now)
    context = {
        "form": form,
        "chosen": organization,
        "several": len(request.organizations) > 1,
        "promise": answer_promise(promised),
        "every": in_words(promised.update_seconds) if promised.update_seconds else "",
        "draft_key": DRAFT,
    }
    return render(request, "portal/break_glass.html", context, status=status)
