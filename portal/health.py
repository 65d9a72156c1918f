"""`/health/`: whether the database answers and an engine is at work; 503 if not."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.engine.health import status


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Needs no login, tells nothing about anybody, and works without a database."""
    try:
        engine = status()
    except (OperationalError, InterfaceError):
        return JsonResponse({"database": "down", "engine": "unknown"}, status=503)
    answer = {
        "database": "ok",
        "engine": engine.state,
        "engines": engine.instances,
        "beat_age_seconds": None if engine.beat_age is None else round(engine.beat_age, 1),
        "late_by_seconds": None if engine.late_by is None else round(engine.late_by, 1),
    }
    return JsonResponse(answer, status=200 if engine.is_ok else 503)


health.without_database = True  # type: ignore[attr-defined]
