"""Addresses of the knowledge base. Its name stands in `knowledge.addresses`, too."""

from __future__ import annotations

from django.urls import include, path

from portal.docs import reading_home

app_name = "docs"
IN_LANGUAGE = "<docs_language:language>/"
urlpatterns = [
    path("", reading_home.front, name="front"),
    path(IN_LANGUAGE, reading_home.home, name="home"),
    path(IN_LANGUAGE, include("portal.docs.use_urls")),
]
