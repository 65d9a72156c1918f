"""The page the mute link of a mail about a release opens, and what mail programs post to it.

As `portal.mute_views`: looking changes nothing, a POST mutes (RFC 8058).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organization, User
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from knowledge import release_mails
from knowledge.models import ReleaseMailMute
from portal import release_mute_links
from portal.page_links import LinkForged
from portal.page_views import private


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """Answers a POST with a page and not a redirect, which mail programs would not follow."""
    return _answer(request, token, "mute" if request.method == "POST" else "")


@csrf_exempt
@require_POST
@private
def unmute(request: HttpRequest, token: str) -> HttpResponse:
    return _answer(request, token, "unmute")


def _answer(request: HttpRequest, token: str, action: str) -> HttpResponse:
    """Act as the person the mail went to, in their language. Raises `LinkForged`."""
    organization_id, user_id = release_mute_links.read(token)
    with acting_as(DatabaseRole.ENGINE):
        person = User.objects.filter(pk=user_id).first()
        if person is None:
            raise LinkForged
        viewer = Viewer.of(person)
    if viewer.role_in(organization_id) is None:
        return render(request, "page/mute_releases_gone.html", status=410)
    with acting_for(viewer) as now, translation.override(person.language):
        organization = Organization.objects.get(pk=organization_id)
        if action == "mute":
            release_mails.mute(organization=organization, by=viewer, now=now)
        elif action == "unmute":
            release_mails.unmute(organization=organization, by=viewer, now=now)
        mutes = ReleaseMailMute.objects.filter(organization=organization, user=person)
        context = {
            "organization_name": organization.name,
            "is_muted": mutes.exists(),
            "is_back": action == "unmute",
            "token": token,
        }
        response = render(request, "page/mute_releases.html", context)
        response["Content-Language"] = translation.get_language() or ""
        return response
