"""The chat widget's secret: a new one, shown this once; or no widget any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import widget_keys
from portal.views.members import MemberRequest, for_members
from portal.views.settings import settings_page


@require_POST
@for_members
def renew(request: MemberRequest) -> HttpResponse:
    """Answers with the page itself and not a redirect: the secret is stored nowhere."""
    secret = widget_keys.renew(
        by=request.viewer, organization=request.organization, now=request.now
    )
    return settings_page(request, widget_secret=secret)


@require_POST
@for_members
def turn_off(request: MemberRequest) -> HttpResponse:
    widget_keys.turn_off(by=request.viewer, organization=request.organization, now=request.now)
    messages.success(request, _("The chat widget is off. Its secret is worth nothing any more."))
    return redirect("portal:settings")
