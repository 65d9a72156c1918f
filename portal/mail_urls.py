"""The addresses a mail's mute link leads to; nobody needs to log in there."""

from __future__ import annotations

from django.urls import path

from portal import mute_views, release_mute_views

app_name = "mail"
urlpatterns = [
    path("releases/<str:token>/", release_mute_views.mute, name="mute_releases"),
    path("releases/<str:token>/unmute/", release_mute_views.unmute, name="unmute_releases"),
    path("<str:token>/", mute_views.mute, name="mute"),
    path("<str:token>/unmute/", mute_views.unmute, name="unmute"),
]
