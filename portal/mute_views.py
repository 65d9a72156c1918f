"""The page a mail's mute link opens, and what mail programs post to it (RFC 8058).

Looking changes nothing, however often and by whomever it is fetched: a POST mutes. Mail
programs post without cookies or a token of ours; the signed link is what shows that they may,
and all it can do is to end or resume the mails about one ticket to one person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal import mute_links
from portal.page_links import LinkForged
from portal.page_views import private
from tickets import mail_mutes
from tickets.models import MailMute, Ticket


class NotTheirs(Exception):
    """They have left, or the ticket is gone: no mail about it will come."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose mails about which ticket; `ticket` as that person may see it."""

    ticket: Ticket
    viewer: Viewer
    now: dt.datetime

    @property
    def is_muted(self) -> bool:
        return MailMute.objects.filter(ticket=self.ticket, user=self.viewer.user).exists()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """Answers a POST with a page and not a redirect, which mail programs would not follow."""
    try:
        with opened(token) as found:
            if request.method == "POST":
                mail_mutes.mute(ticket=found.ticket, by=found.viewer, now=found.now)
            return _shown(request, found, token)
    except NotTheirs:
        return render(request, "page/mute_gone.html", status=410)


@csrf_exempt
@require_POST
@private
def unmute(request: HttpRequest, token: str) -> HttpResponse:
    try:
        with opened(token) as found:
            mail_mutes.unmute(ticket=found.ticket, by=found.viewer, now=found.now)
            return _shown(request, found, token, is_back=True)
    except NotTheirs:
        return render(request, "page/mute_gone.html", status=410)


@contextmanager
def opened(token: str) -> Iterator[Opened]:
    """Act as the person the mail went to, in their language. Raises `LinkForged`, `NotTheirs`."""
    ticket_id, user_id = mute_links.read(token)
    with acting_as(DatabaseRole.ENGINE):
        person = User.objects.filter(pk=user_id).first()
        if person is None:
            raise LinkForged
        viewer = Viewer.of(person)
    with acting_for(viewer) as now, translation.override(person.language):
        tickets = Ticket.objects.visible_to(viewer).select_related("organization")
        ticket = tickets.filter(pk=ticket_id).first() if viewer.roles else None
        if ticket is None:
            raise NotTheirs
        yield Opened(ticket, viewer, now)


def _shown(
    request: HttpRequest, found: Opened, token: str, *, is_back: bool = False
) -> HttpResponse:
    context = {
        "ticket": found.ticket,
        "is_muted": found.is_muted,
        "is_back": is_back,
        "token": token,
    }
    response = render(request, "page/mute.html", context)
    response["Content-Language"] = translation.get_language() or ""
    return response
