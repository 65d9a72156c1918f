"""Teams: which products they look after. Their rosters and ladders have pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from accounts.admin.recorded import RecordedAdmin
from tickets.models import Team


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    list_display = ("name", "is_default")
    fields = ("name", "products", "duty_level", "is_default")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """The default team takes what belongs to nobody, so there is always one.

        One that ever had a roster stays too: who was on duty stays on record.
        """
        if obj is not None and (obj.is_default or obj.rosters.exists()):
            return False
        return bool(super().has_delete_permission(request, obj))
