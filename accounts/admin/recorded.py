"""The base of all pages for plain editing: Unfold's, and every change is an event."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Model
from django.forms import ModelForm
from unfold.admin import ModelAdmin, TabularInline

from accounts import events
from accounts.requests import TenantRequest


class RecordedAdmin(ModelAdmin):
    """Adding, changing and deleting record one event each, with the names of what changed.

    Who may do what follows from `accounts.access.admin_permission`, which Django asks through
    the user. Lists take their columns from the rows alone or from what `list_select_related`
    joins.
    """

    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = True
    list_per_page = 50

    def save_related(self, request: TenantRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of saving: the row and the rows in it are written, and told once."""
        super().save_related(request, form, formsets, change)
        inner = [
            formset.prefix
            for formset in formsets
            if formset.new_objects or formset.changed_objects or formset.deleted_objects
        ]
        self.record(request, form.instance, "changed" if change else "added", form, inner)

    def delete_model(self, request: TenantRequest, obj: Model) -> None:
        self.record(request, obj, "deleted")
        super().delete_model(request, obj)

    def delete_queryset(self, request: TenantRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def record(
        self,
        request: TenantRequest,
        obj: Model,
        what: str,
        form: ModelForm[Any] | None = None,
        inner: list[str] | None = None,
    ) -> None:
        name = str(self.opts.model_name)
        events.record(
            verb=f"{name}.{what}",
            subject=f"{name}/{obj.pk}",
            by=request.viewer,
            at=request.now,
            organization_id=self.organization_of(obj),
            internal=True,
            fields=[*(form.changed_data if form else ()), *(inner or ())],
        )

    def organization_of(self, obj: Model) -> int | None:
        """Whose event it is; None when it concerns no customer."""
        return None


class LabelledInline(TabularInline):
    """Rows inside another row's page; each field carries its column's name for screen readers."""

    extra = 0
    hide_title = True

    def formfield_for_dbfield(self, db_field: Any, request: TenantRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)  # inside the one with links
            widget.attrs["aria-label"] = field.label
        return field


class ReadOnlyAdmin(ModelAdmin):
    """To look at only: nothing can be added, changed or deleted, whoever asks."""

    show_full_result_count = False
    list_per_page = 50
    actions: ClassVar[Any] = []

    def has_add_permission(self, request: TenantRequest) -> bool:
        return False

    def has_change_permission(self, request: TenantRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: TenantRequest, obj: Model | None = None) -> bool:
        return False
