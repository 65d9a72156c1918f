"""Handover: what waits for my note, what waits for me to accept, and what the others wait for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets import handover as handovers
from tickets import reachability
from tickets.admin.forms import NoteForm
from tickets.admin.frame import frame
from tickets.models import Handover, ReachabilityDrill
from tickets.models.handover import State
from tickets.presentation import handovers as presented
from tickets.row_keys import row_key


@require_safe
def handover_view(request: TenantRequest) -> HttpResponse:
    return show(request)


@require_safe
def handover_live(request: TenantRequest) -> HttpResponse:
    """The list alone, fetched again when something changed."""
    context = _context(request) | frame(request, "handover")
    return render(request, "tickets/_handover.html", context)


@require_POST
def write_note(request: TenantRequest, pk: str) -> HttpResponse:
    """Keep the note; one that cannot be kept is shown again with the reason."""
    handover, form = _visible(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            handovers.write_note(
                handover=handover,
                by=request.viewer,
                note=form.cleaned_data["note"],
                now=request.now,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The note is kept."))
            return redirect("admin:handover")
    return show(request, bound=(handover, form), status=422)


@require_POST
def accept(request: TenantRequest, pk: str) -> HttpResponse:
    handover = _visible(request, pk)
    try:
        handovers.accept(handover=handover, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.warning(request, f"{handover.ticket.reference}: {' '.join(error.messages)}")
    else:
        told = _("%(ticket)s is yours now.") % {"ticket": handover.ticket.reference}
        messages.success(request, told)
    if request.POST.get("from") == "ticket":
        return redirect("admin:ticket", handover.ticket.reference)
    return redirect("admin:handover")


@require_POST
def accept_all(request: TenantRequest) -> HttpResponse:
    """Everything proposed to the reader; what somebody else took meanwhile is said."""
    done = 0
    mine = Handover.objects.standing().filter(to_person=request.viewer.user, state=State.PROPOSED)
    for handover in mine.select_related("ticket__organization").order_by("ticket_id"):
        try:
            handovers.accept(handover=handover, by=request.viewer, now=request.now)
            done += 1
        except ValidationError as error:
            messages.warning(request, f"{handover.ticket.reference}: {' '.join(error.messages)}")
    if done:
        told = ngettext("%(count)d ticket is yours now.", "%(count)d tickets are yours now.", done)
        messages.success(request, told % {"count": done})
    else:
        messages.warning(request, _("Nothing waits for you to accept."))
    return redirect("admin:handover")


@require_POST
def confirm_drill(request: TenantRequest, pk: str) -> HttpResponse:
    """ "I can be reached", by the person who was asked."""
    own = ReachabilityDrill.objects.select_related("roster").filter(person=request.viewer.user)
    drill = get_object_or_404(own, pk=row_key(pk))
    answer = reachability.confirm(drill=drill, by=request.viewer, now=request.now)
    if answer.is_theirs:
        messages.success(request, _("Thank you: you can be reached, and the shift is yours."))
    elif answer.holder_name:
        told = _("%(name)s has the shift by now.") % {"name": answer.holder_name}
        messages.warning(request, told)
    else:
        messages.warning(request, _("The shift is not yours any more."))
    return redirect("admin:handover")


def show(
    request: TenantRequest, *, bound: tuple[Handover, NoteForm] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page; `bound` is a note sent back, as typed."""
    context = _context(request, bound) | frame(request, "handover")
    context["cards"] = presented.cards(
        presented.owned_urgent(request.viewer), context["colleagues"], request.now
    )
    return render(request, "tickets/handover.html", context, status=status)


def _context(
    request: TenantRequest, bound: tuple[Handover, NoteForm] | None = None
) -> dict[str, Any]:
    access.require(request.viewer, "handover.accept")
    me = request.viewer.user.pk if request.viewer.user else None
    standing = presented.standing(request.viewer)
    to_accept = [one for one in standing if one.is_proposed and one.to_person_id == me]
    to_write = [one for one in standing if one.from_person_id == me]
    forms = {one.pk: NoteForm.of(one) for one in to_write}
    if bound is not None:
        forms[bound[0].pk] = bound[1]
    return {
        "current_tab": "handover",
        "standing": standing,
        "to_accept": to_accept,
        "to_write": [(one, forms[one.pk]) for one in to_write],
        "others": [one for one in standing if one not in to_accept and one not in to_write],
        "recent": presented.recent(request.viewer),
        "drills": presented.my_drills(request.viewer, request.now),
        "note_form": bound[1] if bound else None,
    }


def _visible(request: TenantRequest, pk: str) -> Handover:
    rows = presented.shown(request.viewer)
    return get_object_or_404(rows, pk=row_key(pk))
