"""Every request runs in one transaction, as the database role of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

from accounts import api_tokens, widget_identity
from accounts.models import Membership, Organization
from accounts.requests import TenantRequest
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer

if TYPE_CHECKING:
    import datetime as dt

# Whoever is logged in: these pages are about the login itself and see no tenant's rows.
LOGIN_PREFIXES = (
    "/accounts/",
    "/invitation/",
    "/page/",
    "/contact/",
    "/mail/",
    "/calendar/",
    "/hotline/",
    "/health/",
    "/healthz",
)
# What the company publishes: whoever is no customer reads what is for everyone.
PUBLIC_PREFIX = "/docs/"
WORKSPACE_PREFIX = "/admin/"
API_PREFIX = "/api/"
WIDGET_PREFIX = "/widget"
SESSION_ORGANIZATION = "organization"


class TenancyMiddleware:
    """Put `viewer`, `organization`, `organizations` and `now` on the request; become its role.

    It stands last and works in `process_view`: inside it are only the view and its template,
    so an exception in either undoes the whole transaction. The portal is for customers and
    the workspace for staff; each gets its own role there and none elsewhere.

    Django shows what a view raises to no other middleware when the view runs here, and allauth
    answers some of its own exceptions there ("confirm access first"): it is asked by hand.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answer_of_allauth = AccountMiddleware(get_response).process_exception

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: TenantRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if getattr(view, "without_database", False):
            return None
        identify(request)
        try:
            with role_for(request) as now:
                request.now = now
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and callable(response.render):
                    response = response.render()
        except (ImmediateHttpResponse, ReauthenticationRequired) as interruption:
            response = self.answer_of_allauth(request, interruption)
        return response


def identify(request: TenantRequest) -> None:
    """Find out who asks: one query for a member's organizations or an engineer's profile."""
    request.organizations, request.organization = [], None
    if request.path.startswith(API_PREFIX):
        _identify_caller(request)
        return
    if request.path.startswith(WIDGET_PREFIX):
        _identify_visitor(request)
        return
    user = request.user
    if not user.is_authenticated:
        request.viewer = Viewer(user=None)
    elif user.is_staff:
        request.viewer = Viewer.of(user)
    else:
        memberships = list(
            Membership.objects.filter(user=user)
            .select_related("organization")
            .order_by("organization__name")
        )
        request.viewer = Viewer.of(user, memberships)
        request.organizations = [membership.organization for membership in memberships]
        request.organization = _current(request, request.organizations)


def _identify_caller(request: TenantRequest) -> None:
    """Find out whose token asks: the API knows bearer tokens only, and no session's cookie.

    In a transaction of its own, so that the token's last use is noted whatever comes of the
    request. The API's views refuse a request without a `caller`.
    """
    request.viewer, request.caller = Viewer(user=None), None
    secret = _bearer(request)
    if not secret:
        return
    with acting_as(DatabaseRole.LOGIN) as now:
        caller = api_tokens.authenticate(secret, now=now)
    if caller is not None:
        request.caller, request.viewer = caller, caller.viewer
        request.organization = caller.token.organization
        request.organizations = [request.organization]


def _identify_visitor(request: TenantRequest) -> None:
    """Find out whose frame asks: the chat widget has a key of its own and no cookie.

    Looked up anew with each request, so that whoever is removed is out with the next.
    """
    request.viewer, request.widget = Viewer(user=None), None
    key = _bearer(request)
    if not key:
        return
    with acting_as(DatabaseRole.LOGIN) as now:
        visitor = widget_identity.authenticate(key, now=now)
    if visitor is not None:
        request.widget, request.viewer = visitor, visitor.viewer
        request.organization = visitor.organization
        request.organizations = [visitor.organization]


def _bearer(request: TenantRequest) -> str:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _current(request: TenantRequest, organizations: list[Organization]) -> Organization | None:
    """The organization chosen in the switcher, as long as the person still belongs to it."""
    chosen = request.session.get(SESSION_ORGANIZATION)
    for organization in organizations:
        if organization.pk == chosen:
            return organization
    return organizations[0] if organizations else None


def role_for(request: TenantRequest) -> AbstractContextManager[dt.datetime]:
    """The database role this request runs in."""
    viewer = request.viewer
    user_id = viewer.user.pk if viewer.user else None
    if request.path.startswith(LOGIN_PREFIXES):
        return acting_as(DatabaseRole.LOGIN, user_id=user_id)
    if request.path.startswith(PUBLIC_PREFIX):
        return acting_as(
            DatabaseRole.CUSTOMER, organizations=viewer.organization_ids, user_id=user_id
        )
    if viewer.is_staff != request.path.startswith(WORKSPACE_PREFIX):
        return acting_as(DatabaseRole.LOGIN, user_id=user_id)
    return acting_for(viewer)
