"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from portal.health import health

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("page/", include("portal.page_urls")),
    path("health/", health, name="health"),
]
