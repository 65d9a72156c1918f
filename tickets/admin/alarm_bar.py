"""The bar above every page that says when paging is in trouble, for pages that stay open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def alarm_bar(request: HttpRequest) -> HttpResponse:
    """The bar alone; nothing when all is well."""
    return render(request, "tickets/_alarm_bar.html")
