"""The page that shows the outbox, in development only.

It shows links to reset passwords: on a machine that others can reach, to staff alone; where
Vigil is reached at the machine's own address only, to whoever sits there.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.client_address import client_address
from accounts.requests import TenantRequest
from portal.outbox import reading
from portal.outbox.reading import Kept


@login_not_required
@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def outbox(request: TenantRequest, name: str = "") -> HttpResponse:
    """The list, and beside it one mail: that of the address, or the newest."""
    folder = _folder(request)
    mails = reading.latest(folder)
    shown = _found(folder, name) if name else (mails[0] if mails else None)
    context: dict[str, Any] = {"mails": mails, "shown": shown, "is_chosen": bool(name)}
    return render(request, "portal/outbox.html", context)


@login_not_required
@require_safe
def html(request: TenantRequest, name: str) -> HttpResponse:
    """The HTML alone, for a frame that runs nothing and loads nothing; its links open a tab."""
    found = _found(_folder(request), name)
    response = HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _folder(request: TenantRequest) -> Path:
    """Where the mails are; 404 where there is no outbox, or not for this person."""
    if not settings.OUTBOX or not (request.viewer.is_person_of_staff or _is_local(request)):
        raise Http404
    return Path(settings.OUTBOX)


def _is_local(request: TenantRequest) -> bool:
    ours = urlsplit(settings.PUBLIC_URL).hostname or ""
    return _is_loopback(ours) and _is_loopback(client_address(request))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _found(folder: Path, name: str) -> Kept:
    found = reading.read(folder, name)
    if found is None:
        raise Http404
    return found
