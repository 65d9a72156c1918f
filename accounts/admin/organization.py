"""Customers and their members."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from accounts.access import Role
from accounts.admin.recorded import LabelledInline, RecordedAdmin
from accounts.models import Membership, Organization
from accounts.requests import TenantRequest


class MembersFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse to take the last owner away."""
        super().clean()
        if any(self.errors):
            return
        had = any(form.initial.get("role") == Role.OWNER for form in self.initial_forms)
        left = any(
            form.cleaned_data.get("role") == Role.OWNER and not form.cleaned_data.get("DELETE")
            for form in self.forms
        )
        if had and not left:
            raise ValidationError(_("An organization keeps at least one owner."))


class MembershipInline(LabelledInline):
    model = Membership
    formset = MembersFormSet
    fields = ("user", "role")
    autocomplete_fields = ("user",)

    def get_queryset(self, request: TenantRequest) -> Any:
        return super().get_queryset(request).select_related("user")


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    list_display = ("name", "key", "plan", "scenario", "dedicated_contact")
    list_select_related = ("dedicated_contact",)
    list_filter = ("plan",)
    search_fields = ("name", "key")
    fields = ("name", "slug", "key", "plan", "scenario", "peak_hours", "dedicated_contact")
    inlines = (MembershipInline,)

    def get_readonly_fields(self, request: TenantRequest, obj: Any = None) -> tuple[str, ...]:
        """Numbers like STAR-42 are out in the world: the prefix stays what it was."""
        return ("key",) if obj else ()

    def get_prepopulated_fields(self, request: TenantRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """A customer's record is never deleted by hand."""
        return False

    def organization_of(self, obj: Any) -> int | None:
        return int(obj.pk)
