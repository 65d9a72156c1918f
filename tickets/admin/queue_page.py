"""The queue: saved views, search, and what can be done to several tickets at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import TenantRequest
from tickets import finding, ownership, queue
from tickets.admin.frame import VIEWS, frame
from tickets.models import Ticket
from tickets.row_keys import row_key

VIEW_KEYS = {view.key: view.label for view in VIEWS}


@require_safe
def queue_view(request: TenantRequest) -> HttpResponse:
    context = _listing(request)
    return render(request, "tickets/queue.html", context | frame(request, context["view"]))


@require_safe
def queue_live(request: TenantRequest) -> HttpResponse:
    """The rows alone; `current` is the ticket open beside them, if any."""
    if current := request.GET.get("current", ""):
        return render(request, "tickets/_queue_column.html", column(request, current))
    return render(request, "tickets/_queue_rows.html", _listing(request))


@require_POST
def assign_chosen(request: TenantRequest) -> HttpResponse:
    """Make the engineer who asks responsible for every chosen ticket, or nobody for any."""
    named = map(row_key, request.POST.getlist("ticket")[: queue.LIMIT])
    chosen = [pk for pk in named if pk is not None]
    owner = request.viewer.user if request.POST.get("to") == "me" else None
    done = 0
    tickets = Ticket.objects.visible_to(request.viewer).select_related("organization")
    for ticket in tickets.filter(pk__in=chosen).order_by("pk"):
        try:
            ownership.assign(ticket=ticket, by=request.viewer, owner=owner, now=request.now)
            done += 1
        except ValidationError as error:
            messages.error(request, f"{ticket.reference}: {' '.join(error.messages)}")
    if not chosen:
        messages.warning(request, _("Choose tickets first."))
    elif done:
        told = ngettext("%(count)d ticket assigned.", "%(count)d tickets assigned.", done)
        messages.success(request, told % {"count": done})
    view = request.POST.get("view", "")
    known = {"view": view} if view in VIEW_KEYS else {}
    return redirect(f"{reverse('admin:queue')}?{urlencode(known)}")


def column(request: TenantRequest, current: str) -> dict[str, Any]:
    """The queue beside an open ticket: its first page."""
    page = queue.page(viewer=request.viewer, view="queue", now=request.now)
    return {"rows": page.rows, "has_more": bool(page.next_cursor), "current": current}


def _listing(request: TenantRequest) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()
    view = "all" if text else request.GET.get("view", "queue")
    if view not in VIEW_KEYS:
        raise Http404
    after = request.GET.get("after", "")
    if view == "all":
        page = finding.page(viewer=request.viewer, text=text, now=request.now, after=after)
    else:
        page = queue.page(viewer=request.viewer, view=view, now=request.now, after=after)
    asked = {key: value for key, value in (("view", view), ("q", text)) if value}
    return {
        "view": view,
        "view_label": VIEW_KEYS[view],
        "text": text,
        "rows": page.rows,
        "is_first_page": not after,
        "first_page": urlencode(asked),
        "next_page": urlencode(asked | {"after": page.next_cursor}) if page.next_cursor else "",
        "live_query": urlencode(asked | ({"after": after} if after else {})),
    }
