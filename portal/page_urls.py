"""The addresses a page's link leads to; nobody needs to log in there."""

from __future__ import annotations

from django.urls import path

from portal import duty_views, page_views

app_name = "page"
urlpatterns = [
    path("drill/<str:token>/", duty_views.drill, name="drill"),
    path("drill/<str:token>/confirm/", duty_views.confirm_drill, name="confirm_drill"),
    path("handover/<str:token>/", duty_views.handover, name="handover"),
    path("handover/<str:token>/accept/", duty_views.accept_handover, name="accept_handover"),
    path("<str:token>/", page_views.show, name="show"),
    path("<str:token>/acknowledge/", page_views.acknowledge, name="acknowledge"),
]
