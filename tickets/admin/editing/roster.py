"""Rosters: their name, and what they ask of people when shifts change.

How a roster is made (its layers) is edited on a page of our own, which appends a version.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.recorded import RecordedAdmin
from accounts.requests import TenantRequest
from tickets.models import Roster


@admin.register(Roster)
class RosterAdmin(RecordedAdmin):
    list_display = ("name", "team", "time_zone", "ended_at")
    list_select_related = ("team",)
    list_filter = ("team",)
    fields = (
        *("name", "layers", "drill_minutes", "confirm_minutes"),
        *("note_minutes", "accept_minutes"),
    )
    readonly_fields = ("layers",)

    @admin.display(description=_("layers"))
    def layers(self, roster: Roster) -> SafeString:
        """The way to the page where they are edited."""
        address = reverse("admin:roster_layers", args=[roster.pk])
        return format_html('<a href="{}">{}</a>', address, _("Who takes turns, and when"))

    def has_add_permission(self, request: TenantRequest) -> bool:
        """A roster is made together with its layers, on the page for those."""
        return False

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """Who was on duty stays on record: a roster is ended, never deleted."""
        return False
