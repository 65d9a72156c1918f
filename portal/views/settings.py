"""Settings: one's profile, and the organization's API tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings as site_settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access, profile
from accounts.adapter import set_language_cookie
from accounts.models import ApiToken, User, WidgetKey
from accounts.requests import TenantRequest
from portal.account_forms import SCOPE_LABELS, ProfileForm, TokenForm, blame


@require_safe
def settings(request: TenantRequest) -> HttpResponse:
    return settings_page(request)


@require_POST
def update_profile(request: TenantRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            profile.change(user=_person(request), **form.cleaned_data)
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Your profile was saved."))
            response = redirect("portal:settings")
            set_language_cookie(response, form.cleaned_data["language"])
            return response
    return settings_page(request, profile_form=form)


def settings_page(
    request: TenantRequest,
    *,
    profile_form: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    secret: str = "",
    widget_secret: str = "",
) -> HttpResponse:
    """The whole page; with a refused form as it was typed, or a new token's secret, once."""
    organization = request.organization
    manages = organization is not None and access.allows(
        request.viewer, "token.manage", organization.pk
    )
    refused = profile_form or token_form
    context = {
        "profile_form": profile_form or ProfileForm.of(_person(request)),
        "token_form": token_form or TokenForm(),
        "manages_tokens": manages,
        "tokens": _tokens(request) if manages else [],
        "secret": secret,
        "widget": _widget(request) if manages else None,
        "widget_secret": widget_secret,
    }
    return render(request, "portal/settings.html", context, status=422 if refused else 200)


def _widget(request: TenantRequest) -> dict[str, Any] | None:
    """What is to be seen of the chat widget's secret, for a plan that has chat."""
    organization = request.organization
    if organization is None or "chat" not in organization.entitlements.channels:
        return None
    key = WidgetKey.objects.filter(organization=organization).first()
    return {
        "key": key,
        "is_on": key is not None and key.is_on,
        "address": site_settings.PUBLIC_URL + reverse("widget:script"),
    }


def _tokens(request: TenantRequest) -> list[ApiToken]:
    """Those that still work, newest first, with their scopes in words."""
    tokens = list(
        ApiToken.objects.filter(
            organization=request.organization, revoked_at=None, expires_at__gt=request.now
        )
        .prefetch_related("created_by")
        .order_by("-created_at")
    )
    for token in tokens:
        token.scope_labels = [  # type: ignore[attr-defined]  # for the template
            SCOPE_LABELS.get(scope, scope) for scope in token.scopes
        ]
    return tokens


def _person(request: TenantRequest) -> User:
    user = request.user
    assert user.is_authenticated  # noqa: S101  the sign-in middleware let nobody else through
    return user
