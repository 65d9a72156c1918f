"""How a ticket is named in addresses."""

from __future__ import annotations

from typing import Final

from django.urls import register_converter


class ReferenceConverter:
    """A ticket as people say it, in either case: STAR-42."""

    regex = r"[A-Za-z][A-Za-z0-9]{1,5}-[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")
TICKET: Final = "<reference:reference>/"
