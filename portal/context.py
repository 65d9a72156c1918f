"""What every page's frame needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal import alarm_state, passkeys
from portal.hotline.offered import numbers_for


def page(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the frame; costs no query, and works where no view ran."""
    return {
        "viewer": getattr(request, "viewer", None),
        "organization": getattr(request, "organization", None),
        "organizations": getattr(request, "organizations", []),
        "now": getattr(request, "now", None),
        "live_url": settings.LIVE_URL,
        "theme": _theme(request),
        "passkeys_work": passkeys.work_at(request),
        "has_outbox": bool(settings.OUTBOX),
        "hotline_numbers": lambda: numbers_for(getattr(request, "organization", None)),
        "alarm_state": lambda: alarm_state.current(),  # read only where a template asks for it
    }


def _theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in ("light", "dark") else ""
