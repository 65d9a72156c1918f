"""Lists in the API: pages by cursor, in an order from an allow-list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

PAGE_PARAMETERS = frozenset({"cursor", "page_size"})


class CursorPages(CursorPagination):
    """Pages by cursor: no page numbers to guess, and cost that does not grow with depth.

    `orderings` maps each allowed value of `ordering` to the columns it means; the first is
    used when none is asked for. With a single one the parameter does not exist.
    """

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = "Results on one page, 1 to 100."
    cursor_query_description = "Where the page begins: taken from `next` or `previous`."
    max_page_size = 100
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {"-id": ("-id",)}

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, ModelValidationError):
            # A cursor somebody wrote themselves: undecodable, or of another ordering.
            raise ValidationError({"cursor": [_("This is no cursor of this list.")]}) from None

    def get_page_size(self, request: Request) -> int:
        wanted = request.query_params.get("page_size")
        if wanted is None:
            return self.page_size
        if not (
            wanted.isascii() and wanted.isdigit() and len(wanted) <= 3 and 1 <= int(wanted) <= 100
        ):
            raise ValidationError({"page_size": [_("Use a number from 1 to 100.")]})
        return int(wanted)

    def get_ordering(
        self, request: Request, queryset: QuerySet[Model], view: APIView | None
    ) -> tuple[str, ...]:
        wanted = request.query_params.get("ordering", next(iter(self.orderings)))
        if wanted not in self.orderings:
            allowed = ", ".join(self.orderings)
            raise ValidationError(
                {"ordering": [_("Choose from: %(allowed)s.") % {"allowed": allowed}]}
            )
        return self.orderings[wanted]

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                parameter["schema"] |= {"minimum": 1, "maximum": 100, "default": self.page_size}
        if len(self.orderings) > 1:
            parameters.append(
                {
                    "name": "ordering",
                    "in": "query",
                    "required": False,
                    "description": "Order of the results; `-` means descending.",
                    "schema": {
                        "type": "string",
                        "enum": list(self.orderings),
                        "default": next(iter(self.orderings)),
                    },
                }
            )
        return parameters
