"""Invite into the team, send again, take back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access
from accounts import invitations as verbs
from accounts.models import Invitation
from portal.account_forms import InvitationForm, blame, roles_for
from portal.views.members import MemberRequest, for_members
from portal.views.team import team_page


@require_POST
@for_members
def invite(request: MemberRequest) -> HttpResponse:
    access.require(request.viewer, "team.manage", request.organization.pk)
    roles = roles_for(request.viewer, request.organization.pk)
    form = InvitationForm(request.POST, roles=roles)
    if form.is_valid():
        try:
            invitation = verbs.invite(
                organization=request.organization,
                by=request.viewer,
                now=request.now,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(
                request,
                _("An invitation is on its way to %(email)s.") % {"email": invitation.email},
            )
            return redirect("portal:team")
    return team_page(request, form)


@require_POST
@for_members
def resend(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    return _answer(
        request,
        lambda: verbs.resend(invitation=invitation, by=request.viewer, now=request.now),
        done=_("A new link is on its way to %(email)s.") % {"email": invitation.email},
    )


@require_POST
@for_members
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    return _answer(
        request,
        lambda: verbs.revoke(invitation=invitation, by=request.viewer, now=request.now),
        done=_("The invitation for %(email)s was revoked.") % {"email": invitation.email},
    )


def _answer(request: MemberRequest, verb: Callable[[], object], *, done: str) -> HttpResponse:
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("portal:team")


def _invitation(request: MemberRequest, pk: int) -> Invitation:
    return get_object_or_404(
        Invitation.objects.visible_to(request.viewer), organization=request.organization, pk=pk
    )
