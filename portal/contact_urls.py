"""The address a contact check's link leads to; nobody needs to log in there."""

from __future__ import annotations

from django.urls import path

from portal import contact_views

app_name = "contact"
urlpatterns = [
    path("<str:token>/", contact_views.show, name="show"),
    path("<str:token>/confirm/", contact_views.confirm, name="confirm"),
]
