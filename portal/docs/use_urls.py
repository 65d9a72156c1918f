"""Addresses of what readers do with the knowledge base."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.docs import upgrade_page

urlpatterns: list[URLPattern] = [
    path("upgrade/", upgrade_page.upgrade, name="upgrade"),
]
