"""What the links of drills and handovers open on a phone: one screen, one button.

As with pages, looking changes nothing; only the button does, by POST.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal import duty_links
from portal.addresses import ticket_path
from portal.duty_links import LinkKind
from portal.page_links import LinkForged
from portal.page_views import private, shown_to
from tickets import handover as handovers
from tickets import reachability
from tickets.models import Handover, Promise, ReachabilityDrill
from tickets.oncall import replacing


@dataclass(frozen=True, slots=True)
class Asked:
    """Who opened which row's link, and when."""

    pk: int
    viewer: Viewer
    now: dt.datetime


@require_safe
@private
def drill(request: HttpRequest, token: str) -> HttpResponse:
    """Which shift it is about, or whose that is by now."""
    with opened(token, duty_links.DRILL) as asked:
        found = _drill(asked)
        holder = replacing.holder(found, asked.now)
        context = {
            "drill": found,
            "holder": holder,
            "is_theirs": holder is not None and holder.pk == found.person_id,
            "has_begun": found.shift_starts_at <= asked.now,
            "can_confirm": _can_confirm(found, holder, asked.now),
            "token": token,
        }
        return _shown(request, "page/drill.html", context)


@require_POST
@private
def confirm_drill(request: HttpRequest, token: str) -> HttpResponse:
    with opened(token, duty_links.DRILL) as asked:
        reachability.confirm(drill=_drill(asked), by=asked.viewer, now=asked.now)
    return redirect("page:drill", token)


@require_safe
@private
def handover(request: HttpRequest, token: str) -> HttpResponse:
    """The ticket with its note and its clock, or who has it by now."""
    with opened(token, duty_links.HANDOVER) as asked:
        return _shown_handover(request, asked, token)


@require_POST
@private
def accept_handover(request: HttpRequest, token: str) -> HttpResponse:
    with opened(token, duty_links.HANDOVER) as asked:
        found = _handover(asked)
        try:
            if found.to_person == asked.viewer.user:
                handovers.accept(handover=found, by=asked.viewer, now=asked.now)
        except ValidationError:
            pass  # it ended this very moment, or somebody was first; the screen says how
    return redirect("page:handover", token)


@contextmanager
def opened(token: str, kind: LinkKind) -> Iterator[Asked]:
    """Act as the person the link was sent to, in their language and time zone.

    Raises `LinkForged` or `LinkExpired`; `PermissionDenied` when they have left the staff.
    """
    pk, person_id = kind.read(token)
    with acting_as(DatabaseRole.STAFF, user_id=person_id) as now:
        person = User.objects.select_related("staff_profile").filter(pk=person_id).first()
        if person is None:
            raise LinkForged
        with shown_to(person) as viewer:
            yield Asked(pk, viewer, now)


def _drill(asked: Asked) -> ReachabilityDrill:
    found = ReachabilityDrill.objects.select_related("roster__team", "person").filter(pk=asked.pk)
    drill = found.first()
    if drill is None or asked.viewer.user != drill.person:
        raise LinkForged
    return drill


def _can_confirm(drill: ReachabilityDrill, holder: User | None, now: dt.datetime) -> bool:
    """Whether an answer still changes anything: in time, or late while the shift is to come."""
    if drill.outcome == ReachabilityDrill.Outcome.ASKED:
        return True
    is_late = drill.outcome == ReachabilityDrill.Outcome.SILENT
    is_theirs = holder is not None and holder.pk == drill.person_id
    return is_late and (is_theirs or now < drill.shift_starts_at)


def _handover(asked: Asked) -> Handover:
    found = (
        Handover.objects.select_related("ticket__organization", "ticket__owner", "to_person")
        .filter(pk=asked.pk)
        .first()
    )
    if found is None:
        raise LinkForged
    return found


def _shown_handover(request: HttpRequest, asked: Asked, token: str) -> HttpResponse:
    found = _handover(asked)
    user = asked.viewer.user
    promises = Promise.objects.filter(ticket=found.ticket, state=Promise.State.RUNNING)
    context = {
        "handover": found,
        "ticket": found.ticket,
        "can_accept": found.is_proposed
        and found.to_person == user
        and handovers.stands(found.ticket, found),
        "is_mine": user is not None and found.ticket.owner_id == user.pk,
        "promise": promises.order_by("due_at").first(),
        "ticket_path": ticket_path(found.ticket, for_staff=True),
        "token": token,
    }
    return _shown(request, "page/handover.html", context)


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Content-Language"] = translation.get_language() or ""
    return response
