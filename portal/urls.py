"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

handler400 = "portal.views.refusals.bad_request"

urlpatterns = [
    path("", include("portal.portal_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
