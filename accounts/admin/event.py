"""The event log, to look at."""

from __future__ import annotations

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from accounts.admin.recorded import ReadOnlyAdmin
from accounts.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "subject", "actor_name", "organization", "internal")
    list_select_related = ("organization",)
    list_filter = ("organization",)
    ordering = ("-pk",)
    paginator = InfinitePaginator  # counting a log that only grows would take longer each day
    fields = (
        "at",
        "recorded_at",
        "verb",
        "subject",
        "actor_name",
        "organization",
        "internal",
        "data",
    )
