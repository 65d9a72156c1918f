"""Releases customers should hear of: whom each concerns, and the button that tells them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.mail_choices import MailKind
from accounts.models import Membership, Organization
from accounts.requests import TenantRequest
from knowledge import announcing
from knowledge.models import Change, Release, ReleaseMailMute
from tickets import versions_in_use
from tickets.admin.frame import frame

SHOWN: Final = 50
NAMED: Final = 20  # customers by name


@dataclass(frozen=True, slots=True)
class Concerned:
    """A customer who runs less than the release, and what."""

    name: str
    runs: str


@require_safe
def releases(request: TenantRequest) -> HttpResponse:
    """Those with a security note or a breaking change, newest first."""
    weighty = Change.objects.filter(release=OuterRef("pk"), kind__in=announcing.WORTH_TELLING)
    rows = (
        Release.objects.filter(Exists(weighty))
        .select_related("product", "announcement")
        .annotate(
            security=Count("changes", Q(changes__kind="security")),
            breaking=Count("changes", Q(changes__kind="breaking")),
        )
        .order_by("-released_on", "-sort_key", "pk")[:SHOWN]
    )
    context = {"releases": list(rows), "today": request.now.date()} | frame(request, "")
    return render(request, "tickets/announce_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: TenantRequest, pk: int) -> HttpResponse:
    """Beforehand how many it concerns; a POST tells them, once."""
    rows = Release.objects.select_related("product", "announcement")
    release = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        try:
            announcing.announce(release=release, by=request.viewer, now=request.now)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("They are being told by mail."))
        return redirect("admin:announce_release", release.pk)
    context = _concerned(release, request.now) | {
        "release": release,
        "announcement": getattr(release, "announcement", None),
        "changes": announcing.told_of(release),
        "why_not": announcing.why_not(release, on=request.now.date()),
    }
    return render(request, "tickets/announce.html", context | frame(request, ""))


def _concerned(release: Release, now: dt.datetime) -> dict[str, Any]:
    """How many customers and members, and the first customers by name; six queries."""
    platforms = announcing.platforms_of(release, announcing.told_of(release))
    below = versions_in_use.below(release, now=now, platforms=platforms)
    organizations = Organization.objects.filter(pk__in=below)
    muted = ReleaseMailMute.objects.filter(
        organization=OuterRef("organization"), user=OuterRef("user")
    )
    people = (
        Membership.objects.filter(~Exists(muted), organization__in=below, user__is_active=True)
        .exclude(user__unwanted_mails__contains=[MailKind.RELEASE])
        .values("user")
        .distinct()
    )
    named = [
        Concerned(
            one.name,
            ", ".join(f"{use.platform_name} {use.version}".strip() for use in below[one.pk]),
        )
        for one in organizations.order_by("name")[:NAMED]
    ]
    return {
        "customers": len(below),
        "people": people.count(),
        "named": named,
        "more": len(below) - len(named),
    }
