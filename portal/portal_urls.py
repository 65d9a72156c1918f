"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path

from portal.account_urls import account_urlpatterns
from portal.views import team

app_name = "portal"
urlpatterns = [
    path("", team.team, name="home"),
    path("tickets/", team.team, name="tickets"),
    path("tickets/new/", team.team, name="new_ticket"),
    path("down/", team.team, name="break_glass"),
    *account_urlpatterns,
]
