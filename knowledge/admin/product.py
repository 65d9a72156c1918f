"""Products and the platforms they are made for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.admin.recorded import RecordedAdmin
from accounts.requests import TenantRequest
from knowledge.models import Platform, Product


class ProductForm(forms.ModelForm):
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"),
        choices=Platform.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Product
        fields = ("key", "name_en", "name_zh", "platforms")


@admin.register(Product)
class ProductAdmin(RecordedAdmin):
    form = ProductForm
    fields = ("key", "name_en", "name_zh", "platforms")
    list_display = ("key", "name_en", "name_zh")

    def get_readonly_fields(self, request: TenantRequest, obj: Any = None) -> tuple[str, ...]:
        """Staff profiles and events name a product by its key."""
        return ("key",) if obj else ()

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Tickets are about it."""
        return False
