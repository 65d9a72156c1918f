"""The page an invitation's link leads to: who invites where, and accept."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import invitations
from accounts.adapter import SESSION_INVITATION
from accounts.requests import TenantRequest
from accounts.tenancy import DatabaseRole, acting_as
from portal.middleware import SESSION_ORGANIZATION


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: TenantRequest, token: str) -> HttpResponse:
    """Runs in the engine's role for the invitation alone: nobody here is a member yet."""
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, token)
    with acting_as(DatabaseRole.ENGINE):
        found = invitations.find(token=token, now=request.now)
        if found is None:
            request.session.pop(SESSION_INVITATION, None)
            return _not_valid(request)
        user = request.user
        context = {
            "invitation": found,
            "inviter": found.invited_by.name,
            "role": found.get_role_display(),
            "is_theirs": user.is_authenticated and invitations.may_accept(found, user),
        }
    if not request.user.is_authenticated:
        request.session[SESSION_INVITATION] = token
    return render(request, "portal/invitation.html", context)


def _accept(request: TenantRequest, token: str) -> HttpResponse:
    user = request.user
    assert user.is_authenticated  # noqa: S101  for the type checker: asked before
    try:
        with acting_as(DatabaseRole.ENGINE):
            membership = invitations.accept(token=token, user=user, now=request.now)
            name = membership.organization.name
    except ValidationError:
        return _not_valid(request)
    request.session.pop(SESSION_INVITATION, None)
    request.session[SESSION_ORGANIZATION] = membership.organization_id
    messages.success(request, _("Welcome to %(organization)s.") % {"organization": name})
    return redirect("portal:home")


def _not_valid(request: TenantRequest) -> HttpResponse:
    return render(request, "portal/invitation_gone.html", status=404)
