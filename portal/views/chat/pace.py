"""How often one person may write, and their page speak for itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle


class _PerPerson(SimpleRateThrottle):
    """Of one person through both doors together, from however many pages."""

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.viewer.user.pk}


class Messages(_PerPerson):
    scope = "chat_messages"


class Beats(_PerPerson):
    scope = "chat_beats"


def allows(request: Any, limit: type[SimpleRateThrottle]) -> bool:
    """Whether this request is within the limit; it counts against it."""
    return bool(limit().allow_request(request, None))  # type: ignore[arg-type]


def too_often() -> ValidationError:
    return ValidationError(_("That was too fast. Wait a moment, then send it again."), "too_often")
