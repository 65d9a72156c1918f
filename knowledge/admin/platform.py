"""The platform of a row that may be for all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.recorded import RecordedAdmin
from accounts.requests import TenantRequest
from knowledge.models import Platform


class PlatformAdmin(RecordedAdmin):
    """Of rows with a `platform`: left empty it says what that means, in the form and the list."""

    def formfield_for_choice_field(
        self, db_field: Any, request: TenantRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "platform":
            kwargs["choices"] = [("", _("All platforms")), *Platform.choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("platform"), ordering="platform")
    def for_platform(self, row: Any) -> str:
        return str(row.get_platform_display()) if row.platform else _("All platforms")
