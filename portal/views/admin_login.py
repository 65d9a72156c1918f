"""The admin's own login and password pages are not used: they know no rate limit and no second
factor. Whoever asks for them is sent to the portal's."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.adapter import WORKSPACE
from accounts.own_paths import own_path


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    target = own_path(request.GET.get("next"), WORKSPACE)
    if not request.user.is_authenticated:
        return redirect_to_login(target)
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect(target)


def admin_password(request: HttpRequest) -> HttpResponse:
    return redirect("account_change_password")
