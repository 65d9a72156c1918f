"""What stands around every page of the workspace: saved views with counts, and colleagues."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from accounts.models import Event, User
from accounts.requests import TenantRequest
from accounts.viewer import Viewer
from tickets import queue
from tickets.chats import desk
from tickets.models import Enquiry, Inbound
from tickets.oncall import duty, record, staff_turns
from tickets.oncall.history import History

# A count says how much work lies there; past this, more digits say nothing.
COUNT_LIMIT: Final = 1000


@dataclass(frozen=True, slots=True)
class SavedView:
    key: str
    label: str | LazyText
    icon: str


VIEWS: Final = (
    SavedView("queue", _("Queue"), "inbox"),
    SavedView("at-risk", _("At risk"), "triangle-alert"),
    SavedView("mine", _("Mine"), "user"),
    SavedView("unassigned", _("Unassigned"), "circle"),
    SavedView("waiting", _("Waiting"), "corner-down-left"),
    SavedView("all", _("All"), "search"),
)


def frame(
    request: TenantRequest, current: str, records: dict[int, History] | None = None
) -> dict[str, Any]:
    """Template variables of `tickets/desk.html`: two queries. `current` is a view's key.

    `records` are those of the rosters, where the page has read them.
    """
    viewer, now = request.viewer, request.now
    counts, last_event, read = _figures(viewer, now, records)
    colleagues = staff_turns.colleagues(now, read)
    me = next((one for one in colleagues if one.pk == request.user.pk), None)
    return {
        "current_view": current,
        "saved_views": [
            {
                "key": view.key,
                "label": view.label,
                "icon": view.icon,
                "href": f"{reverse('admin:queue')}?view={view.key}",
                "count": counts.get(view.key),
                "current": view.key == current,
            }
            for view in VIEWS
        ],
        "chats_unread": counts["chats"],
        "mail_counts": {one: counts[one] for one in ("mail", "enquiries")},
        "mail_waiting": sum(int(counts[one].rstrip("+")) for one in ("mail", "enquiries")),
        "colleagues": colleagues,
        "i_am_on_duty": me is not None and me.is_on_duty,
        "my_duty_until": me.until if me else None,
        "live_after": last_event,
    }


def _figures(
    viewer: Viewer, now: dt.datetime, records: dict[int, History] | None
) -> tuple[dict[str, str], int, dict[int, History]]:
    """Counts of the saved views, the last event, and the rosters' record unless it is given."""
    tickets: dict[str, QuerySet[Any]] = {
        view: queue.unsolved(viewer, view) for view in queue.FILTERS
    }
    tickets["at-risk"] = queue.at_risk(viewer, now)
    tickets["chats"] = desk.unread(viewer, now)
    tickets["mail"] = Inbound.objects.filter(outcome=Inbound.Outcome.QUARANTINED)
    tickets["enquiries"] = Enquiry.objects.filter(state=Enquiry.State.OPEN)
    last = Subquery(Event.objects.visible_to(viewer).order_by("-pk").values("pk")[:1])
    rosters = record.columns(now, now + duty.AHEAD, known_at=now) if records is None else ()
    person = User.objects.filter(pk=viewer.user.pk if viewer.user else 0)
    row = person.values_list(*map(_capped, tickets.values()), last, *rosters).get()
    numbers, rest = row[: len(tickets)], row[len(tickets) :]
    counts = {
        view: f"{COUNT_LIMIT}+" if number > COUNT_LIMIT else str(number)
        for view, number in zip(tickets, numbers, strict=True)
    }
    return counts, rest[0] or 0, record.from_columns(*rest[1:]) if records is None else records


def _capped(tickets: QuerySet[Any]) -> Func:
    """How many there are, counted up to just past the limit."""
    some = tickets.order_by().values("pk")[: COUNT_LIMIT + 1]
    return Func(ArraySubquery(some), function="cardinality", output_field=IntegerField())
