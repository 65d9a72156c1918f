"""The screen a page's link opens: what is wrong, and one button to take it.

Mail scanners and chat previews follow links, so looking never acknowledges: only the button
does, by POST (docs/decisions/0008-a-get-never-acknowledges.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.readers import as_read_by
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal import page_links
from portal.addresses import ticket_path
from tickets import escalation
from tickets.models import Escalation, Page, Promise, Ticket

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Call:
    """A page opened by its link: who was rung about what, and the ladder as it stands now."""

    page: Page
    ticket: Ticket
    viewer: Viewer
    ladder: Escalation
    now: dt.datetime

    @property
    def is_ringing(self) -> bool:
        return self.ladder.state == Escalation.State.RINGING


def private(view: View) -> View:
    """Keep the address, which is a key, out of caches, search engines and other sites' logs."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except page_links.LinkExpired:
            response = render(request, "page/expired.html", status=410)
        except page_links.LinkForged as problem:
            raise Http404 from problem
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": with it browsers send `Origin: null`, which the CSRF check refuses.
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@require_safe
@private
def show(request: HttpRequest, token: str) -> HttpResponse:
    """What is ringing, or who has it by now."""
    with opened(token) as call:
        response = render(request, "page/show.html", _context(call, token))
        response["Content-Language"] = translation.get_language() or ""
        return response


@require_POST
@private
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """Take it, as the person rung; whoever was too late is shown who was first."""
    with opened(token) as call:
        if call.is_ringing:
            try:
                escalation.acknowledge(ticket=call.ticket, by=call.viewer, now=call.now)
            except escalation.NothingRinging:
                pass  # it ended this very moment; the screen says how
    return redirect("page:show", token)


@contextmanager
def opened(token: str) -> Iterator[Call]:
    """Act as the person the page rang, in their language and time zone.

    Raises `LinkForged` or `LinkExpired`; `PermissionDenied` when they have left the staff.
    """
    page_id = page_links.page_id(token)
    with acting_as(DatabaseRole.STAFF) as now:
        page = (
            Page.objects.select_related("ticket__organization", "escalation")
            .filter(pk=page_id)
            .first()
        )
        if page is None:
            raise page_links.LinkForged
        person = User.objects.select_related("staff_profile").get(pk=page.person_id)
        with shown_to(person) as viewer:
            yield Call(page, page.ticket, viewer, _ladder_of(page), now)


@contextmanager
def shown_to(person: User) -> Iterator[Viewer]:
    """Whoever a link was sent to, in their language and time zone.

    `PermissionDenied` when they have left the staff.
    """
    viewer = Viewer.of(person)
    if not viewer.is_person_of_staff:
        raise PermissionDenied(_("This link is for somebody who no longer works here."))
    with as_read_by(person):
        yield viewer


def _ladder_of(page: Page) -> Escalation:
    """The ladder the page belongs to, or the one that followed because nobody answered it."""
    goes_on = (Escalation.State.RINGING, Escalation.State.EXHAUSTED)
    if page.escalation.state not in goes_on:
        return page.escalation
    return Escalation.objects.filter(ticket=page.ticket_id).latest("id")


def _context(call: Call, token: str) -> dict[str, Any]:
    promises = Promise.objects.filter(ticket=call.ticket, state=Promise.State.RUNNING)
    return {
        "call": call,
        "ticket": call.ticket,
        "ladder": call.ladder,
        "is_mine": call.ladder.acknowledged_by_id == call.page.person_id,
        "promise": promises.order_by("due_at").first(),
        "ticket_path": ticket_path(call.ticket, for_staff=True),
        "token": token,
    }
