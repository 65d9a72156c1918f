"""API tokens: make one, whose secret is shown this once; revoke one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access, api_tokens
from accounts.models import ApiToken
from portal.account_forms import TokenForm, blame
from portal.views.members import MemberRequest, for_members
from portal.views.settings import settings_page


@require_POST
@for_members
def create_token(request: MemberRequest) -> HttpResponse:
    """Answers with the page itself and not a redirect: the secret is stored nowhere."""
    access.require(request.viewer, "token.manage", request.organization.pk)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            _token, secret = api_tokens.create(
                by=request.viewer,
                organization=request.organization,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                now=request.now,
                expires_at=form.expires_at(request.now),
            )
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            return settings_page(request, secret=secret)
    return settings_page(request, token_form=form)


@require_POST
@for_members
def revoke_token(request: MemberRequest, pk: int) -> HttpResponse:
    access.require(request.viewer, "token.manage", request.organization.pk)
    token = get_object_or_404(ApiToken.objects.filter(organization=request.organization), pk=pk)
    api_tokens.revoke(token=token, by=request.viewer, now=request.now)
    messages.success(request, _("The token %(name)s was revoked.") % {"name": token.name})
    return redirect("portal:settings")
