"""What every API view does unless it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:  # REST framework loads this module while it loads its own views
    from rest_framework.views import APIView


class Denied(BasePermission):
    """Nobody: a view that forgets to say who may use it is closed, not open."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class JSON(JSONParser):
    """JSON within Django's size limit, which the stock parser reads past, and not too deep."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply.")) from None
