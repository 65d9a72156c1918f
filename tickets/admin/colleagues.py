"""Two engineers at one ticket: each page says that its reply box has text in it."""

from __future__ import annotations

from typing import Final

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from accounts import access
from accounts.requests import TenantRequest
from tickets import finding
from tickets.chats import hints

# Pages say so every ten seconds; told no sooner than this by one person.
REPLYING_EVERY_SECONDS: Final = 5


@require_POST
def replying(request: TenantRequest, reference: str) -> HttpResponse:
    """Shown to colleagues for half a minute; kept nowhere, and no customer learns of it."""
    ticket = get_object_or_404(finding.by_reference(request.viewer, reference))
    access.require(request.viewer, "ticket.reply", ticket.organization_id)
    person = request.user.pk or 0
    if cache.add(f"replying:{ticket.pk}:{person}", True, timeout=REPLYING_EVERY_SECONDS):
        hints.replies(ticket, person)
    return HttpResponse(status=204)
