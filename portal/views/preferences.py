"""Choices of the reader: language, colours, organization."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import profile
from accounts.adapter import set_language_cookie
from accounts.own_paths import own_path
from accounts.requests import TenantRequest
from portal.middleware import SESSION_ORGANIZATION
from portal.views.members import MemberRequest, for_members

THEMES = ("", "light", "dark")  # empty: as the system


@login_not_required
@require_POST
def set_preferences(request: TenantRequest) -> HttpResponse:
    """Colours are kept on this device, the language also with the person. Unknown is ignored."""
    response = redirect(own_path(request.POST.get("next")))
    theme, language = request.POST.get("theme"), request.POST.get("language")
    if theme in THEMES:
        _set_theme_cookie(response, theme or "")
    if language in dict(settings.LANGUAGES):
        set_language_cookie(response, language or "")
        user: Any = request.user
        if user.is_authenticated:
            profile.prefer_language(user=user, language=language or "")
    return response


@require_POST
@for_members
def switch_organization(request: MemberRequest) -> HttpResponse:
    """Look at another of one's organizations; any other is not found."""
    wanted = request.POST.get("organization", "")
    for organization in request.organizations:
        if organization.key == wanted:
            request.session[SESSION_ORGANIZATION] = organization.pk
            return redirect("portal:home")
    raise Http404


def _set_theme_cookie(response: HttpResponse, theme: str) -> None:
    """The browser's own switch reads and writes this cookie too, so it is not HttpOnly."""
    if not theme:
        response.delete_cookie("theme", samesite="Lax")
        return
    response.set_cookie(
        "theme",
        theme,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
