"""Rosters and who takes turns in them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _

from accounts.admin.recorded import LabelledInline, RecordedAdmin
from accounts.models import User
from accounts.requests import TenantRequest
from tickets.models import Roster, RosterMember


class RotationFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse a rotation nobody is in: its turns would ring nobody."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("user") and not form.cleaned_data.get("DELETE")
        ]
        if not kept:
            raise ValidationError(_("A rotation needs at least one engineer."))


class RosterMemberInline(LabelledInline):
    model = RosterMember
    formset = RotationFormSet
    fields = ("position", "user")
    min_num = 1

    def formfield_for_foreignkey(self, db_field: Any, request: TenantRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Roster)
class RosterAdmin(RecordedAdmin):
    list_display = ("name", "team", "time_zone", "hand_over_at", "length", "unit")
    list_select_related = ("team",)
    list_filter = ("team",)
    fields = ("team", "name", "time_zone", "starts_on", "hand_over_at", "length", "unit")
    inlines = (RosterMemberInline,)
