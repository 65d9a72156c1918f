"""The admin site: Unfold's, with pages of our own, for people of staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from unfold.sites import UnfoldAdminSite

from accounts.requests import TenantRequest

View = Callable[..., HttpResponseBase]


class WorkspaceSite(UnfoldAdminSite):
    """`/admin/`: for people of staff only, whatever page it is.

    Queue, ticket and duty are pages of our own under the site's strict policy. Unfold's pages
    for plain editing need Alpine, which compiles expressions; they alone get the two
    exceptions of `docs/decisions/0009-unfold-needs-two-exceptions.md`.
    """

    site_url = None

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from tickets.admin.addresses import desk_urls

        return [*desk_urls(self.desk_view), *super().get_urls()]

    def has_permission(self, request: TenantRequest) -> bool:
        """True for staff; anonymous visitors are sent to sign in, all others refused.

        Signing in and second factors are asked for before any page is reached.
        """
        if request.viewer.is_person_of_staff:
            return True
        if request.viewer.user is not None:
            raise PermissionDenied(_("The workspace is for the staff of the support desk."))
        return False

    def desk_view(self, view: View) -> View:
        """A page of our own: staff only, under the strict policy."""
        guarded: View = super().admin_view(view)
        return guarded

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """One of Unfold's pages, with the exceptions Alpine needs."""
        relaxed = csp_update({"script-src": ["'unsafe-eval'"], "style-src": ["'unsafe-inline'"]})
        guarded: View = relaxed(super().admin_view(view, cacheable))
        return guarded

    def index(self, request: TenantRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("admin:queue")

    def logout(self, request: TenantRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")
