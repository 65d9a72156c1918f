"""Rosters as a list, each with the way to the page of our own where all of it is edited.

What is saved there makes a version; a second place to edit any of it would not.
"""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin.recorded import ReadOnlyAdmin
from tickets.models import Roster


@admin.register(Roster)
class RosterAdmin(ReadOnlyAdmin):
    list_display = ("name", "team", "time_zone", "ended_at")
    list_select_related = ("team",)
    list_filter = ("team",)
    fields = ("name", "team", "time_zone", "layers")
    readonly_fields = fields

    @admin.display(description=_("layers"))
    def layers(self, roster: Roster) -> SafeString:
        """The way to the page where they are edited."""
        address = reverse("admin:roster_layers", args=[roster.pk])
        return format_html('<a href="{}">{}</a>', address, _("Who takes turns, and when"))
