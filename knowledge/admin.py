"""Products, for plain editing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from accounts.admin.recorded import RecordedAdmin
from accounts.requests import TenantRequest
from knowledge.models import Product


@admin.register(Product)
class ProductAdmin(RecordedAdmin):
    list_display = ("key", "name_en", "name_zh")
    fields = ("key", "name_en", "name_zh", "platforms")

    def get_readonly_fields(self, request: TenantRequest, obj: Any = None) -> tuple[str, ...]:
        """Staff profiles and events name a product by its key."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Tickets are about it."""
        return False
