"""Addresses of what readers do with the knowledge base."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal.docs import searching, upgrade_page

urlpatterns: list[URLPattern] = [
    path("search/", searching.search, name="search"),
    path("search/suggestions/", searching.suggestions, name="suggestions"),
    path("search/open/<str:token>/<str:target>/", searching.opened, name="search_open"),
    path("upgrade/", upgrade_page.upgrade, name="upgrade"),
]
