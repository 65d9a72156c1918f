"""Customers and their members."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.forms import BaseInlineFormSet

from accounts import team
from accounts.access import Role
from accounts.admin.peak_hours import PeakHoursInline
from accounts.admin.recorded import LabelledInline, RecordedAdmin
from accounts.models import Membership, Organization
from accounts.requests import TenantRequest
from accounts.viewer import Viewer


class MembersFormSet(BaseInlineFormSet):
    """Members change by the verbs of the team alone: their rules, events and consequences."""

    viewer: Viewer
    now: dt.datetime

    def add_fields(self, form: Any, index: int | None) -> None:
        """A member never turns into somebody else."""
        super().add_fields(form, index)
        if form.instance.pk:
            form.fields["user"].disabled = True

    def clean(self) -> None:
        """Try the new roles and take them back, so that a refusal stands on the page."""
        super().clean()
        if any(self.errors):
            return
        with transaction.atomic():
            self._change_roles()
            transaction.set_rollback(True)

    def save(self, commit: bool = True) -> Any:
        self._change_roles()
        return super().save(commit)

    def save_existing(self, form: Any, obj: Membership, commit: bool = True) -> Membership:
        return obj  # its role is changed already

    def save_new(self, form: Any, commit: bool = True) -> Membership:
        return team.add_first(
            organization=self.instance,
            user=form.cleaned_data["user"],
            role=form.cleaned_data["role"],
            by=self.viewer,
            now=self.now,
        )

    def _change_roles(self) -> None:
        """New owners come first: so the last one can hand over in one step."""
        changed = [form for form in self.initial_forms if "role" in form.changed_data]
        for form in sorted(changed, key=lambda form: form.cleaned_data["role"] != Role.OWNER):
            team.change_role(
                membership=form.instance,
                by=self.viewer,
                role=form.cleaned_data["role"],
                now=self.now,
            )


class MembershipInline(LabelledInline):
    model = Membership
    formset = MembersFormSet
    fields = ("user", "role")
    autocomplete_fields = ("user",)
    max_num = 1
    can_delete = False

    def get_queryset(self, request: TenantRequest) -> Any:
        return super().get_queryset(request).select_related("user")

    def get_formset(self, request: TenantRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.viewer, formset.now = request.viewer, request.now
        return formset

    def has_add_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Only the first member is added by hand; everybody after is invited."""
        if obj is not None and obj.pk and obj.membership_set.exists():
            return False
        return bool(super().has_add_permission(request, obj))


@admin.register(Organization)
class OrganizationAdmin(RecordedAdmin):
    list_display = ("name", "key", "plan", "scenario", "dedicated_contact")
    list_select_related = ("dedicated_contact",)
    list_filter = ("plan", "scenario")
    search_fields = ("name", "key")
    fields = (
        *("name", "slug", "key", "plan", "dedicated_contact"),
        *("scenario", "scenario_note", "time_zone", "peak_hours"),
    )
    inlines = (PeakHoursInline, MembershipInline)

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
