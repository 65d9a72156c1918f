"""Categories, and which is part of which."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin.recorded import RecordedAdmin
from knowledge.models import Category


@admin.register(Category)
class CategoryAdmin(RecordedAdmin):
    list_display = ("name_en", "name_zh", "key", "parent", "position")
    list_select_related = ("parent",)
    search_fields = ("key", "name_en", "name_zh")
    fields = ("key", "parent", "name_en", "name_zh", "position")
