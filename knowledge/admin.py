"""Products, for plain editing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.recorded import RecordedAdmin
from knowledge.models import Product


@admin.register(Product)
class ProductAdmin(RecordedAdmin):
    list_display = ("key", "name_en", "name_zh")
    fields = ("key", "name_en", "name_zh", "platforms")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Staff profiles and events name a product by its key."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tickets are about it."""
        return False
