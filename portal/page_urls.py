"""The addresses a page's link leads to; nobody needs to log in there."""

from __future__ import annotations

from django.urls import path

from portal import page_views

app_name = "page"
urlpatterns = [
    path("<str:token>/", page_views.show, name="show"),
    path("<str:token>/acknowledge/", page_views.acknowledge, name="acknowledge"),
]
