"""The sentence that says when paging is delayed, for pages that stay open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.views.members import MemberRequest, for_members


@for_members
@require_safe
def promises_at_risk(request: MemberRequest) -> HttpResponse:
    """The sentence alone; nothing when all is well."""
    return render(request, "partials/_promises_at_risk.html")
