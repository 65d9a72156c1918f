"""People with a login; of staff, what they are qualified for and how they are rung."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import BaseInlineFormSet
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts import access, contacts, staffing
from accounts.admin.recorded import LabelledInline, RecordedAdmin
from accounts.models import ContactMethod, QuietHours, StaffProfile, User
from accounts.requests import TenantRequest
from accounts.time_zones import known_time_zone


class UserForm(forms.ModelForm):
    """Neither password nor e-mail nor who is staff: those have ways of their own."""

    viewer_id: int | None = None  # who fills it in

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "is_active")
        widgets = {"time_zone": UnfoldAdminTextInputWidget()}

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        known_time_zone(zone)
        return zone

    def clean_is_active(self) -> bool:
        stays = bool(self.cleaned_data["is_active"])
        if not stays and self.instance.pk == self.viewer_id:
            raise forms.ValidationError(_("Nobody lets themselves go: ask another manager."))
        return stays


class StaffProfileInline(StackedInline):
    model = StaffProfile
    extra = 0
    can_delete = False
    fields = ("level", "is_manager", "years", "title", "languages")

    def has_add_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Only people of staff have one; a profile makes nobody staff."""
        return bool(obj and obj.is_staff) and super().has_add_permission(request, obj)


class OwnRowsInline(LabelledInline):
    """An address may be a telephone or carry a key: for managers, and for oneself."""

    def has_view_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        return True

    def get_queryset(self, request: TenantRequest) -> Any:
        rows = super().get_queryset(request)
        if access.allows(request.viewer, "staff.edit"):
            return rows
        return rows.filter(user=request.viewer.user)


class ContactMethodFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse to take away the only verified way to ring somebody."""
        super().clean()
        if any(self.errors):
            return
        had_one = any(method.is_usable for method in self.get_queryset())
        if had_one and not any(self._stays_usable(form) for form in self.initial_forms):
            raise contacts.LeavesLoginOnly

    def _stays_usable(self, form: Any) -> bool:
        removed = bool(form.cleaned_data.get("DELETE"))
        method = form.instance
        return method.is_usable and not removed and "address" not in form.changed_data


class ContactMethodInline(OwnRowsInline):
    """A new or changed address is not rung before whoever is there has confirmed it."""

    model = ContactMethod
    formset = ContactMethodFormSet
    fields = (
        *("position", "kind", "address", "delay_seconds", "fallback_address", "enabled"),
        *("verified_at", "fallback_verified_at"),
    )
    readonly_fields = ("verified_at", "fallback_verified_at")
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: TenantRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "address":
            field.widget.attrs["class"] += " min-w-52"  # an address is read whole
        return field


class QuietHoursInline(OwnRowsInline):
    model = QuietHours
    fields = ("starts_at", "ends_at")
    extra = 0


@admin.register(User)
class UserAdmin(RecordedAdmin):
    form = UserForm
    list_display = ("name", "email", "language", "time_zone", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    readonly_fields = ("email", "date_joined")
    fields = ("name", "email", "language", "time_zone", "is_active", "date_joined")
    inlines: tuple[Any, ...] = (StaffProfileInline, ContactMethodInline)

    def save_model(self, request: TenantRequest, obj: User, form: Any, change: bool) -> None:
        """Taking "may log in" away ends sessions, tokens and links too, as the verb does."""
        ends = "is_active" in form.changed_data and not obj.is_active
        obj.save(
            update_fields=[name for name in form.changed_data if name != "is_active" or not ends]
        )
        if ends:
            staffing.deactivate(user=obj, by=request.viewer, now=request.now)

    def changeform_view(self, request: TenantRequest, *args: Any, **kwargs: Any) -> Any:
        """What a verb refuses while it is saved is undone as a whole, and said."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except forms.ValidationError as refusal:
            for sentence in refusal.messages:
                messages.error(request, sentence)
            return redirect(request.get_full_path())

    def save_formset(self, request: TenantRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not ContactMethod:
            super().save_formset(request, form, formset, change)
            if formset.model is not QuietHours and formset.has_changed():
                staffing.changed(form.instance, now=request.now)
            return
        formset.save(commit=False)
        acting: dict[str, Any] = {"by": request.viewer, "now": request.now}
        names = ("kind", "address", "delay_seconds", "fallback_address", "position", "enabled")
        for method in formset.new_objects:
            values = {name: getattr(method, name) for name in names}
            contacts.add(user=form.instance, **values, **acting)
        for method, changed in formset.changed_objects:
            values = {name: getattr(method, name) for name in changed}
            contacts.change(method=method, **values, **acting)
        for method in formset.deleted_objects:
            contacts.remove(method=method, **acting)

    def get_form(self, request: TenantRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.viewer_id = request.user.pk
        return form

    def get_inlines(self, request: TenantRequest, obj: Any) -> Any:
        """Apps to the right add what they keep about people of staff to `inlines`."""
        return self.inlines if obj is not None and obj.is_staff else ()

    def has_add_permission(self, request: TenantRequest) -> bool:
        """People sign up or are invited; nobody is made here."""
        return False

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Their words stay with their name; taking "may log in" away is enough."""
        return False
