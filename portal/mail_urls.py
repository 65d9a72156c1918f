"""The addresses a mail's mute link leads to; nobody needs to log in there."""

from __future__ import annotations

from django.urls import path

from portal import mute_views

app_name = "mail"
urlpatterns = [
    path("<str:token>/", mute_views.mute, name="mute"),
    path("<str:token>/unmute/", mute_views.unmute, name="unmute"),
]
