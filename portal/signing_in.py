"""Who may come in at all: everybody signed in, staff with their second factor.

Pages are closed unless they say otherwise: a view is public when it is marked
`login_not_required`, or stands under one of the prefixes about logging in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from accounts import second_factor
from accounts.own_paths import path_of_page
from portal.middleware import API_PREFIX, LOGIN_PREFIXES, WIDGET_PREFIX

# The login pages ask for themselves; a signed link to a page, a token and the balancer need none.
OPEN_PREFIXES = (*LOGIN_PREFIXES, API_PREFIX, WIDGET_PREFIX)
# What carries its own key, or is for machines, is reached without a second factor.
KEYS_OF_THEIR_OWN = (
    *("/page/", "/contact/", "/mail/", "/calendar/", "/hotline/", "/health/", "/healthz"),
)
# All that a session may do which has a second factor to pass and has not.
WHILE_NOT_PASSED = frozenset(
    {"account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "set_preferences"}
)

View = Callable[..., HttpResponseBase]


class SignInMiddleware:
    """Send whoever is not signed in to sign in, and afterwards back to the page they were on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.user.is_authenticated or request.path.startswith(OPEN_PREFIXES):
            return None
        if not getattr(view, "login_required", True):  # marked login_not_required
            return None
        return _to_sign_in(request)


class StaffSecondFactorMiddleware:
    """Staff reach nothing before a second factor is set up and was passed in this session.

    Logging in asks for it already; this also covers sessions that began before it was set up,
    and logins by any other way. A signed link to a page can always be acknowledged.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        user = request.user
        if not settings.MFA_REQUIRED_FOR_STAFF or not (user.is_authenticated and user.is_staff):
            return None
        if second_factor.passed(request) or request.path.startswith(KEYS_OF_THEIR_OWN):
            return None
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in WHILE_NOT_PASSED:
            return None
        if second_factor.is_set_up(user):
            back = {"next": request.get_full_path() if request.method == "GET" else "/"}
            return redirect(f"{resolve_url('mfa_reauthenticate')}?{urlencode(back)}")
        if request.path.startswith("/accounts/"):
            return None
        return redirect("mfa_index")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """After it, the page; for a sent form or a part of a page, the one they stand on: it has
    the draft."""
    if request.headers.get("HX-Request"):
        target = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _page(request)})}"
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    reads = request.method in ("GET", "HEAD")
    return redirect_to_login(request.get_full_path() if reads else _page(request))


def _page(request: HttpRequest) -> str:
    """The path of the page a request was made from; the start page when it is not told."""
    told = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
    return path_of_page(told, request.get_host()) or "/"
