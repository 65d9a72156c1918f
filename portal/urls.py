"""All addresses."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from portal import calendar_views
from portal.docs import reading_sitemap
from portal.health import health
from portal.views.admin_login import admin_login, admin_password

handler400 = "portal.views.refusals.bad_request"
handler404 = "portal.views.errors.not_found"
handler429 = "portal.views.errors.too_many"  # allauth's
handler500 = "portal.views.errors.server_error"

urlpatterns = [
    path("", include("portal.portal_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", admin_login),
    path("admin/password_change/", admin_password),
    path("admin/", admin.site.urls),
    path("", include("portal.widget.urls")),
    path("api/", include("portal.api_urls")),
    path("page/", include("portal.page_urls")),
    path("contact/", include("portal.contact_urls")),
    path("mail/", include("portal.mail_urls")),
    path("docs/", include("portal.docs.urls")),
    path("robots.txt", reading_sitemap.robots, name="robots"),
    path("outbox/", include("portal.outbox.urls")),
    path("calendar/<str:token>.ics", calendar_views.feed, name="calendar_feed"),
    path("hotline/", include("portal.hotline.urls")),
    path("healthz", health, name="healthz"),
    path("health/", health, name="health"),
]
