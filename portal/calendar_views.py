"""Calendars of shifts for calendar programs, which know an address and nothing else."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.client_address import client_address
from accounts.tenancy import DatabaseRole, acting_as
from portal.private_pages import ASK_EACH_TIME
from tickets import feeds
from tickets.models import CalendarFeed
from tickets.presentation import calendar_file


class PerAddress(SimpleRateThrottle):
    """Fetches from one machine, whatever they ask for: nobody guesses tokens for long.

    Services that fetch for many people do so from few machines.
    """

    scope = "calendar_address"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}


class PerToken(SimpleRateThrottle):
    """Fetches of one calendar, from wherever; only a hash of the token is kept."""

    scope = "calendar"

    def get_cache_key(self, request: Any, view: Any) -> str:
        token = request.resolver_match.kwargs["token"].encode()
        ident = hashlib.sha256(token).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": ident}


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, or 304 when the program has it; 404 for an address unknown or revoked."""
    if not (PerAddress().allow_request(request, None) and PerToken().allow_request(request, None)):
        refused = HttpResponse(status=429, content_type="text/plain")
        refused["Retry-After"] = "600"
        return refused
    with acting_as(DatabaseRole.STAFF) as now:
        found = feeds.find(token)
        if found is None:
            raise Http404
        body = calendar_file.written(feeds.read(found, now=now), name=_name(found), host=_host())
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="duty.ics"'
    response = get_conditional_response(request, etag=etag, response=response) or response
    response["ETag"] = etag
    response["Cache-Control"] = ASK_EACH_TIME
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _name(found: CalendarFeed) -> str:
    with translation.override(found.owner.language):
        if found.team is None:
            return _("My duty")
        return _("Duty of %(team)s") % {"team": found.team.name}


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
