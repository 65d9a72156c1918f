"""What every API view does unless it says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # the views import this module through the settings
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Denied(BasePermission):
    """Nobody: a view that forgets to say who may use it is closed, not open."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class NewestFirst(CursorPagination):
    """Pages by cursor: no page numbers to guess, and cost that does not grow with depth."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100
