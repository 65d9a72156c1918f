"""`/healthz`: whether the database answers and everything behind the promises works; 503 if not.

`/health/` is the same by its older name.
"""

from __future__ import annotations

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import alarm_state
from portal.alarm_state import AlarmState


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Needs no login, tells nothing about anybody, and works without a database."""
    try:
        with connection.cursor() as cursor:
            state = alarm_state.read(cursor)
    except (OperationalError, InterfaceError):
        unknown = dict.fromkeys(("engine", "worker", "mail", "watchdog"), "unknown")
        return JsonResponse({"database": "down", **unknown}, status=503)
    answer = {
        "database": "ok",
        "engine": state.engine.state,
        "engines": state.engine.instances,
        "beat_age_seconds": _rounded(state.engine.beat_age),
        "late_by_seconds": _rounded(state.engine.late_by),
        "worker": "ok" if state.worker_is_ok else "silent",
        "worker_age_seconds": _age(state, "worker"),
        "mail": "ok" if state.mail_is_ok else "silent",
        "mail_age_seconds": _age(state, "mail"),
        "watchdog": "ok" if state.watchdog_is_ok else "silent",
        "watchdog_age_seconds": _age(state, "watchdog"),
        "troubles": list(state.troubles),
    }
    return JsonResponse(answer, status=200 if state.is_ok else 503)


health.without_database = True  # type: ignore[attr-defined]


def _age(state: AlarmState, process: str) -> float | None:
    beat = state.beats.get(process)
    return _rounded(beat.age if beat else None)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
