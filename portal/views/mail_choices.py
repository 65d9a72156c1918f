"""Which mails one gets: the kinds wanted, and the tickets that were muted."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import mail_choices
from accounts.mail_choices import MailKind
from accounts.models import User
from portal.account_forms import blame
from portal.views.members import MemberRequest, for_members
from tickets.models import Ticket

MOST_MUTED: Final = 100  # shown


class MailsForm(forms.Form):
    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Send me a mail about"),
        choices=MailKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@for_members
@require_safe
def choices(request: MemberRequest) -> HttpResponse:
    return _page(request)


@for_members
@require_POST
def choose(request: MemberRequest) -> HttpResponse:
    form = MailsForm(request.POST)
    if form.is_valid():
        try:
            mail_choices.choose(user=_person(request), wanted=form.cleaned_data["wanted"])
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:mails")
    return _page(request, form=form, status=422)


def _page(
    request: MemberRequest, *, form: MailsForm | None = None, status: int = 200
) -> HttpResponse:
    person = _person(request)
    wanted = [kind for kind in MailKind if mail_choices.wants(person, kind)]
    form = form or MailsForm(initial={"wanted": wanted})
    context: dict[str, Any] = {
        "form": form,
        "kinds": [
            (box, mail_choices.HINTS.get(MailKind(kind), ""))
            for box, kind in zip(form["wanted"], MailKind.values, strict=True)
        ],
        "muted": _muted(request, person),
    }
    return render(request, "portal/mails.html", context, status=status)


def _muted(request: MemberRequest, person: User) -> list[Ticket]:
    """Tickets this person gets no mails about, newest first."""
    tickets = Ticket.objects.visible_to(request.viewer).filter(mail_mutes__user=person)
    return list(tickets.select_related("organization").order_by("-mail_mutes__at")[:MOST_MUTED])


def _person(request: MemberRequest) -> User:
    user = request.user
    assert user.is_authenticated  # noqa: S101  for_members let nobody else through
    return user
