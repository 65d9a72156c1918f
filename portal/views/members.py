"""Pages that belong to a member of a customer's organization."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Organization
from accounts.requests import TenantRequest

WORKSPACE = "/admin/queue/"


class MemberRequest(TenantRequest):
    """A request by somebody who belongs to at least one organization."""

    organization: Organization


View = Callable[Concatenate[TenantRequest, ...], HttpResponseBase]
MemberView = Callable[Concatenate[MemberRequest, ...], HttpResponseBase]


def for_members(view: MemberView) -> View:
    """Send strangers to the login and staff to the workspace; tell who belongs nowhere yet.

    Whoever lost the session while writing comes back to the page the form stood on, where
    the browser still has the draft.
    """

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(_page(request, kwargs.get("reference")))
        if request.viewer.is_staff:
            return redirect(WORKSPACE)
        if request.organization is None:
            return render(request, "portal/no_organization.html")
        return view(request, *args, **kwargs)

    return guarded


def _page(request: TenantRequest, reference: str | None) -> str:
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return reverse("portal:ticket", args=[reference]) if reference else request.path
