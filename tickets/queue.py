"""The engineers' queue: tickets by the time left to their nearest running promise.

Every saved view is read in pages from the index of running promises, so that its cost does
not grow with the number of open tickets. Tickets without a running promise (waiting on the
customer, or nothing promised) come last, the one left alone longest first; the view of waiting
tickets is in that order throughout.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    Exists,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
)

from accounts.plans import PLANS
from accounts.viewer import Viewer
from tickets.models import Promise, Ticket
from tickets.models.ticket import State
from tickets.row_keys import row_key

LIMIT: Final = 50
SECONDS_MATTER: Final = dt.timedelta(hours=2)

RUNNING: Final = Promise.State.RUNNING
COLUMNS: Final = (
    "pk",
    "number",
    "subject",
    "severity",
    "state",
    "updated_at",
    "owner_id",
    "owner__name",
    "organization__key",
    "organization__name",
    "organization__plan",
    "running__pk",
    "running__kind",
    "running__due_at",
    "running__at_risk_at",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the queue. `due_at` (UTC) is None when no promise runs."""

    pk: int
    reference: str
    subject: str
    severity: str
    state: str
    updated_at: dt.datetime
    owner_id: int | None
    owner_name: str
    organization_name: str
    plan_name: str
    promise_id: int | None
    kind: str
    due_at: dt.datetime | None
    tone: str
    due_soon: bool

    @property
    def counts_down(self) -> bool:
        """Whether seconds matter: at risk, or due within two hours."""
        return bool(self.tone) or self.due_soon


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[Row]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order: after the promise (or idle ticket) `pk`, due (or changed) `at`."""

    part: str
    at: dt.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.part}_{_micros(self.at)}_{self.pk}"

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Anything that is no cursor is the beginning."""
        part, _first, rest = text.partition("_")
        micros, pk = map(row_key, rest.split("_", 1)) if rest.count("_") == 1 else (None, None)
        if part not in ("due", "idle") or micros is None or pk is None:
            return None
        try:
            at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)
        except OverflowError:
            return None
        return cls(part, at, pk)


Filter = Callable[["QuerySet[Ticket]", Viewer], "QuerySet[Ticket]"]
FILTERS: Final[dict[str, Filter]] = {
    "queue": lambda tickets, viewer: tickets,
    "mine": lambda tickets, viewer: tickets.filter(owner=viewer.user),
    "unassigned": lambda tickets, viewer: tickets.filter(owner=None),
    "waiting": lambda tickets, viewer: tickets.filter(state=State.WAITING),
}


def unsolved(viewer: Viewer, view: str) -> QuerySet[Ticket]:
    """The unsolved tickets of a saved view; KeyError for an unknown one."""
    return FILTERS[view](Ticket.objects.visible_to(viewer).unsolved(), viewer)


def page(*, viewer: Viewer, view: str, now: dt.datetime, after: str = "") -> QueuePage:
    """One page of a saved view, starting after the cursor: one query, two at its end."""
    cursor = Cursor.read(after)
    found: list[dict[str, Any]] = []
    if view != "waiting" and (cursor is None or cursor.part == "due"):
        due = _at_risk(viewer, now, cursor) if view == "at-risk" else _due(viewer, view, cursor)
        ordered = due.order_by("running__due_at", "running__pk")
        found = list(ordered.values(*COLUMNS)[: LIMIT + 1])
    if view != "at-risk" and len(found) <= LIMIT:
        ordered = _idle(viewer, view, cursor).order_by("updated_at", "pk")
        found += ordered.values(*COLUMNS)[: LIMIT + 1 - len(found)]
    lines = [_row(values, now) for values in found[:LIMIT]]
    more = len(found) > LIMIT
    return QueuePage(lines, str(_place(lines[-1], view)) if more else "")


def rows(tickets: QuerySet[Ticket], now: dt.datetime) -> list[Row]:
    """These tickets (sliced, and in their own order) as lines, each with its nearest promise."""
    order = list(tickets.values_list("pk", flat=True))
    joined = _running(Ticket.objects.filter(pk__in=order)).filter(~Exists(_nearer()))
    found = {values["pk"]: _row(values, now) for values in joined.values(*COLUMNS)}
    return [found[pk] for pk in order]


def at_risk(viewer: Viewer, now: dt.datetime) -> QuerySet[Any]:
    """Tickets with a running promise that is overdue or has less than a fifth of its time left."""
    return _at_risk(viewer, now, None)


def tone(due_at: dt.datetime | None, at_risk_at: dt.datetime | None, now: dt.datetime) -> str:
    """How a running promise stands: "overdue", "at-risk" or "" while there is time."""
    if due_at is None:
        return ""
    if due_at <= now:
        return "overdue"
    return "at-risk" if at_risk_at is not None and at_risk_at < now else ""


def _running(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    """Joined with its running promises, one row each; a ticket without one has one row."""
    running = FilteredRelation("promises", condition=Q(promises__state=RUNNING))
    return tickets.annotate(running=running)


# Conditions on the joined promise stand in one `filter` call each: a second call would join
# the promises a second time and ask about any of them.


def _due(viewer: Viewer, view: str, cursor: Cursor | None) -> QuerySet[Any]:
    """Tickets of a saved view with their nearest running promise, after the cursor."""
    tickets = _running(unsolved(viewer, view))
    return tickets.filter(_after(cursor), ~Exists(_nearer()), running__isnull=False)


def _at_risk(viewer: Viewer, now: dt.datetime, cursor: Cursor | None) -> QuerySet[Any]:
    """Tickets with the nearest of their promises at risk, after the cursor."""
    tickets = _running(Ticket.objects.visible_to(viewer))
    nearer = _nearer().filter(_is_at_risk("", now))
    return tickets.filter(_after(cursor), _is_at_risk("running__", now), ~Exists(nearer))


def _idle(viewer: Viewer, view: str, cursor: Cursor | None) -> QuerySet[Any]:
    """Tickets of a saved view with no running promise, or all that wait; after the cursor."""
    tickets = _running(unsolved(viewer, view))
    if cursor is not None and cursor.part == "idle":
        later = Q(updated_at__gt=cursor.at) | Q(pk__gt=cursor.pk)
        tickets = tickets.filter(later, updated_at__gte=cursor.at)
    if view == "waiting":
        return tickets.filter(~Exists(_nearer()))
    return tickets.filter(running__isnull=True)


def _place(row: Row, view: str) -> Cursor:
    """Where the next page starts when this row is the last of its page."""
    if view == "waiting" or row.due_at is None or row.promise_id is None:
        return Cursor("idle", row.updated_at, row.pk)
    return Cursor("due", row.due_at, row.promise_id)


def _after(cursor: Cursor | None) -> Q:
    if cursor is None:
        return Q()
    later = Q(running__due_at__gt=cursor.at) | Q(running__pk__gt=cursor.pk)
    return later & Q(running__due_at__gte=cursor.at)


def _nearer() -> QuerySet[Promise]:
    """Running promises of the same ticket which are due before the joined one."""
    return Promise.objects.filter(ticket=OuterRef("pk"), state=RUNNING).filter(
        Q(due_at__lt=OuterRef("running__due_at"))
        | Q(due_at=OuterRef("running__due_at"), pk__lt=OuterRef("running__pk"))
    )


def _is_at_risk(prefix: str, now: dt.datetime) -> Q:
    return Q(**{f"{prefix}at_risk_at__lt": now})


def _row(values: dict[str, Any], now: dt.datetime) -> Row:
    due_at = values["running__due_at"]
    return Row(
        pk=values["pk"],
        reference=f"{values['organization__key']}-{values['number']}",
        subject=values["subject"],
        severity=values["severity"],
        state=values["state"],
        updated_at=values["updated_at"],
        owner_id=values["owner_id"],
        owner_name=values["owner__name"] or "",
        organization_name=values["organization__name"],
        plan_name=str(PLANS[values["organization__plan"]].name),
        promise_id=values["running__pk"],
        kind=values["running__kind"] or "",
        due_at=due_at,
        tone=tone(due_at, values["running__at_risk_at"], now),
        due_soon=due_at is not None and due_at - now < SECONDS_MATTER,
    )


def _micros(at: dt.datetime) -> int:
    return (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)
