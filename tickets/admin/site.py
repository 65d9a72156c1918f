"""The admin site: Unfold's, with our login, our pages and who may come in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from accounts.requests import TenantRequest
from tickets.instants import zone_named
from tickets.refusal import Refusal

View = Callable[..., HttpResponseBase]


class WorkspaceSite(UnfoldAdminSite):
    """`/admin/`: for people of staff only, whatever page it is.

    Queue, ticket and duty are pages of our own under the site's strict policy. Unfold's pages
    for plain editing need Alpine, which compiles expressions; they alone get the two
    exceptions of `docs/decisions/unfold-and-the-content-policy.md`.
    """

    site_url = None

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from tickets.admin.addresses import desk_urls

        return [*desk_urls(self.desk_view), *super().get_urls()]

    def has_permission(self, request: TenantRequest) -> bool:
        """True for staff; anonymous visitors are sent to the login, all others refused."""
        if request.viewer.is_person_of_staff:
            return True
        if request.viewer.user is not None:
            raise PermissionDenied(_("The workspace is for the staff of the support desk."))
        return False

    def desk_view(self, view: View) -> View:
        """A page of our own: staff only, in the reader's time zone, under the strict policy."""
        guarded: View = super().admin_view(_guarded(view))
        return guarded

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """One of Unfold's pages, with the exceptions Alpine needs."""
        relaxed = csp_update({"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]})
        guarded: View = relaxed(super().admin_view(_guarded(view), cacheable))
        return guarded

    def index(self, request: TenantRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("admin:queue")

    @method_decorator(secure_admin_login)
    def login(self, request: TenantRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is no second door: the login is allauth's, with its limits and second factors."""
        return redirect("admin:queue")

    def logout(self, request: TenantRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(
        self, request: TenantRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return redirect("account_change_password")


def _guarded(view: View) -> View:
    @wraps(view)
    def guarded(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.MFA_REQUIRED_FOR_STAFF and not _has_second_factor(request):
            messages.warning(request, _("The workspace needs a second factor. Set one up first."))
            return redirect("mfa_index")
        with timezone.override(_zone(request)):
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponse) and hasattr(response, "render"):
                response = response.render()
        return response

    return guarded


def _has_second_factor(request: TenantRequest) -> bool:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=request.user.pk, type__in=kinds).exists())


def _zone(request: TenantRequest) -> ZoneInfo:
    """The reader's zone; UTC when theirs is unknown here."""
    try:
        return zone_named(request.viewer.user.time_zone if request.viewer.user else "UTC")
    except Refusal:
        return ZoneInfo("UTC")
