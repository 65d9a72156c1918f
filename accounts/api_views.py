"""What every view of the API shares: a token's rights, and no surprises in the query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import access
from accounts.api_tokens import Caller
from accounts.models import Organization
from accounts.requests import TenantRequest
from accounts.viewer import Viewer


class LengthRequired(APIException):
    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = gettext_lazy("Send a Content-Length instead of chunks.")


class MayDo(BasePermission):
    """The token's scopes and its creator's role both carry the verb of the action.

    An action without a verb may be done by nobody. The verb itself asks again.
    """

    message = gettext_lazy("The scopes of this token do not allow this.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, Caller) or not isinstance(view, TokenView):
            return False
        if view.action is None:  # a method the address does not have: 405 follows
            return True
        verb = view.verbs.get(view.action)
        return verb is not None and access.allows(view.viewer, verb, view.organization.pk)


class TokenView(GenericViewSet[Any]):
    """A viewset that a bearer token talks to, on behalf of the token's one organization.

    `verbs` names the verb of each action, `parameters` the query parameters it knows: any
    other is refused by name, so that a misspelt filter never answers with everything.
    """

    permission_classes = (MayDo,)
    verbs: ClassVar[Mapping[str, str]] = {}
    parameters: ClassVar[Mapping[str, frozenset[str]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.parameters.get(self.action or "", frozenset())
        if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
            raise LengthRequired  # WSGI would read it as empty
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError(
                {name[:80]: [_("There is no such parameter here.")] for name in unknown}
            )

    @property
    def default_response_headers(self) -> dict[str, str]:
        return super().default_response_headers | {"Cache-Control": "no-store"}

    @property
    def caller(self) -> Caller:
        caller = self.request.auth
        if not isinstance(caller, Caller):
            raise TypeError("Only requests with a token come this far.")
        return caller

    @property
    def viewer(self) -> Viewer:
        return self.caller.viewer

    @property
    def organization(self) -> Organization:
        return self.caller.token.organization

    @property
    def now(self) -> dt.datetime:
        """The instant of this request (UTC), from the database's clock."""
        return cast(TenantRequest, self.request._request).now
