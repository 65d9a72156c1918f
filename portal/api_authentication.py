"""Who calls the API: bearer tokens, recognised by the middleware, and how often they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle

from accounts.api_tokens import Caller
from accounts.models import User
from accounts.requests import TenantRequest

if TYPE_CHECKING:  # REST framework loads this module while it loads its own views
    from rest_framework.views import APIView


class PerToken(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, Caller):
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.token.pk}


class Unauthenticated(AnonRateThrottle):
    """Requests of one address without a valid token."""

    scope = "unauthenticated"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class BearerToken(BaseAuthentication):
    """Takes over what `portal.middleware` found: the caller has to be known before the
    request's transaction opens, because it decides the transaction's database role.
    """

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        caller = cast(TenantRequest, request._request).caller
        if caller is not None:
            return caller.token.created_by, caller
        throttle = Unauthenticated()
        if not throttle.allow_request(request, request.parser_context["view"]):
            raise Throttled(wait=throttle.wait())
        if "Authorization" in request.headers:
            raise AuthenticationFailed(_("This token is not valid, or not valid any more."))
        return None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Vigil API"'
