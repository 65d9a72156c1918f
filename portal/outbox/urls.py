"""Addresses of the outbox of development."""

from __future__ import annotations

from django.urls import path

from portal.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.outbox, name="list"),
    path("<str:name>/", views.outbox, name="mail"),
    path("<str:name>/html/", views.html, name="html"),
]
