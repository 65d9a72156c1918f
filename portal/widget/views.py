"""The script, the frame, and how a frame signs in."""

from __future__ import annotations

import uuid
from typing import Any, Final

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts import widget_identity
from accounts.client_address import client_address
from accounts.requests import TenantRequest
from portal.views.attachment import download
from portal.views.members import MemberRequest

SCRIPT_KEPT_SECONDS: Final = 300


class PerAddress(SimpleRateThrottle):
    """Attempts to sign in from one machine."""

    scope = "widget_address"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}


@require_safe
def script(request: HttpRequest) -> HttpResponseBase:
    """A lasting address for the script whose own name changes with its contents."""
    response = HttpResponseRedirect(static("js/widget.js"))
    response["Cache-Control"] = f"public, max-age={SCRIPT_KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


script.without_database = True  # type: ignore[attr-defined]  # see TenancyMiddleware


@require_safe
@xframe_options_exempt
def frame(request: HttpRequest) -> HttpResponseBase:
    """An empty panel; who it is for is said by the key its script brings with each request.

    The one page of ours that others may show in a frame, and of them only those named in
    VIGIL_WIDGET_ORIGINS.
    """
    origin = request.GET.get("origin", "").lower()
    context = {
        "origin": origin if origin in settings.WIDGET_ORIGINS else "",
        "organization_key": request.GET.get("organization", "")[:6],
        "live_url": settings.LIVE_URL,
        "portal_chat": settings.PUBLIC_URL + reverse("portal:chat"),
        "organization": None,
    }
    language = _language(request.GET.get("language", ""))
    ancestors = settings.WIDGET_ORIGINS or [NONE]

    @csp_replace({"frame-ancestors": ancestors})
    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(language):
            return render(request, "widget/frame.html", context)

    return answer(request)


frame.without_database = True  # type: ignore[attr-defined]


@csrf_exempt
@require_POST
def sign_in(request: TenantRequest) -> HttpResponse:
    """A signed token for a key: 401 with the reason when it names no member who may."""
    limit = PerAddress()
    if not limit.allow_request(request, None):  # type: ignore[arg-type]
        return JsonResponse({"reason": "too_often"}, status=429)
    try:
        key = widget_identity.sign_in(
            organization_key=request.POST.get("organization", ""),
            token=request.POST.get("token", ""),
            now=request.now,
        )
    except widget_identity.Refused as refused:
        return JsonResponse({"reason": refused.reason}, status=401)
    seconds = int(widget_identity.KEY_LIVES.total_seconds())
    return JsonResponse({"key": key, "seconds": seconds})


def attached(request: MemberRequest, pk: uuid.UUID) -> HttpResponseBase:
    """A file of a conversation, through the same check as everywhere."""
    return download(request, pk)


def _language(wanted: str) -> str:
    """The nearest of ours; without any, the installation's."""
    try:
        return translation.get_supported_language_variant(wanted)
    except LookupError:
        return settings.LANGUAGE_CODE
