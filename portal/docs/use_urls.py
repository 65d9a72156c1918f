"""Addresses of what readers do with the knowledge base."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
