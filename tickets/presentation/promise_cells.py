"""The cells of the promise panel: one clock each, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.templatetags.vigil import duration
from tickets.calendars import is_around_the_clock
from tickets.models import PolicyVersion, Promise, Ticket
from tickets.presentation.moments import working_time

Kind = Promise.Kind
State = Promise.State


class Status(StrEnum):
    """How a clock stands. `OVERDUE` is late and still owed; `BROKEN` was late and is over."""

    RUNNING = "running"
    AT_RISK = "at-risk"
    OVERDUE = "overdue"
    PAUSED = "paused"
    KEPT = "kept"
    BROKEN = "broken"
    ENDED = "ended"
    AHEAD = "ahead"


_ICONS: Final = {
    Status.RUNNING: "clock",
    Status.AT_RISK: "clock",
    Status.OVERDUE: "triangle-alert",
    Status.PAUSED: "circle-pause",
    Status.KEPT: "check",
    Status.BROKEN: "circle-x",
    Status.ENDED: "circle",
    Status.AHEAD: "clock",
}


def status_icon(status: Status) -> str:
    return _ICONS[status]


def status_of(promise: Promise, now: dt.datetime) -> Status:
    """How this clock stands at `now`."""
    if promise.state == State.MET:
        return Status.KEPT if promise.breached_at is None else Status.BROKEN
    if promise.state == State.CANCELLED:
        return Status.ENDED if promise.breached_at is None else Status.BROKEN
    if promise.state == State.PAUSED:
        return Status.PAUSED
    if promise.due_at is None:
        return Status.RUNNING
    if promise.breached_at is not None or promise.due_at < now:
        return Status.OVERDUE
    risky = promise.at_risk_at is not None and promise.at_risk_at < now
    return Status.AT_RISK if risky else Status.RUNNING


@dataclass(frozen=True, slots=True)
class PromiseCell:
    """One cell: label, value and a note.

    `value` is empty while a countdown to `due_at` is the value. The note reads "`note` ·
    `at` · `tail`", each part optional; `by` says that `at` is a time limit ("by 03:38").
    """

    kind: str
    label: str
    status: Status
    value: str = ""
    started_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    note: str = ""
    at: dt.datetime | None = None
    by: bool = False
    tail: str = ""

    @property
    def icon(self) -> str:
        return status_icon(self.status)

    @property
    def counts_down(self) -> bool:
        return self.due_at is not None and not self.value


def promise_cells(
    promises: Sequence[Promise],
    now: dt.datetime,
    *,
    update_every: int | None = None,
    staff: bool = False,
) -> list[PromiseCell]:
    """The cells of the present cycle: first answer, next update, restored.

    `promises` are all of a ticket, oldest first. `update_every` is the promised seconds
    between updates under the plan, so that the cell can be announced before it starts.
    `staff` words a pause for us and not for the customer.
    """
    cycle = max((promise.cycle for promise in promises), default=1)
    present = [promise for promise in promises if promise.cycle == cycle]
    cells = []
    for kind in Kind:
        of_kind = [promise for promise in present if promise.kind == kind]
        if of_kind and kind == Kind.UPDATE and not of_kind[-1].is_open:
            cells += _updates_given(of_kind)
        elif of_kind:
            cells.append(_cell(of_kind[-1], now, staff=staff))
        elif kind == Kind.UPDATE and update_every and any(p.is_open for p in present):
            cells.append(_update_ahead(update_every))
    return cells


def promises_of(ticket: Ticket) -> QuerySet[Promise]:
    """All promises of a ticket with what they were given under, oldest first. One query."""
    return (
        Promise.objects.filter(ticket=ticket)
        .select_related("policy_version__calendar_version", "calendar_version")
        .order_by("id")
    )


def present_policy(promises: Sequence[Promise]) -> PolicyVersion | None:
    """The wording the ticket is under: that of the youngest open promise the plan gave."""
    by_plan = [one for one in promises if one.is_open and not one.promised_by_name]
    return by_plan[-1].policy_version if by_plan else None


def update_every(promises: Sequence[Promise]) -> int | None:
    """The promised seconds between updates, by the wording the ticket is under."""
    version = present_policy(promises)
    return version.update_seconds if version else None


def nearest(cells: Sequence[PromiseCell]) -> PromiseCell | None:
    """The clock that runs out next; what is overdue stands before all others."""
    running = [cell for cell in cells if cell.counts_down and cell.due_at]
    return min(running, key=lambda cell: cell.due_at or dt.datetime.max, default=None)


def _cell(promise: Promise, now: dt.datetime, *, staff: bool) -> PromiseCell:
    if promise.state == State.MET:
        return _met(promise)
    if promise.state == State.PAUSED:
        return _paused(promise, staff=staff)
    if promise.state == State.CANCELLED:
        return _cancelled(promise)
    return _running(promise, now)


def _running(promise: Promise, now: dt.datetime) -> PromiseCell:
    every = promise.kind == Kind.UPDATE
    return PromiseCell(
        kind=promise.kind,
        label=promise.label,
        status=status_of(promise, now),
        started_at=promise.started_at,
        due_at=promise.due_at,
        note="" if every else _target(promise),
        at=promise.due_at,
        by=True,
        tail=_update_terms(promise) if every else "",
    )


def _update_terms(promise: Promise) -> str:
    """By whom the update was promised, or how often the plan promises one."""
    if promise.promised_by_name:
        return _("promised by %(name)s") % {"name": promise.promised_by_name}
    length = {"time": _counted(promise, promise.target_seconds)}
    return _("every %(time)s until it is solved") % length


def _met(promise: Promise) -> PromiseCell:
    if promise.breached_at is not None and promise.met_at is not None:
        late = duration(promise.met_at - promise.breached_at)
        return PromiseCell(
            kind=promise.kind,
            label=promise.label,
            status=Status.BROKEN,
            value=_("%(time)s late") % {"time": late},
            note=_target(promise),
            at=promise.met_at,
        )
    return PromiseCell(
        kind=promise.kind,
        label=promise.label,
        status=Status.KEPT,
        value=_("Kept in %(time)s") % {"time": duration(promise.seconds_taken)},
        note=_target(promise),
        at=promise.met_at,
    )


def _paused(promise: Promise, *, staff: bool) -> PromiseCell:
    waiting = _("waiting for the customer") if staff else _("waiting for your answer")
    if promise.paused_until is not None:
        waiting = _("waiting for the agreed date")
    left = ""
    if promise.breached_at is None and promise.remaining_seconds is not None:
        left = _("%(time)s left") % {"time": _counted(promise, max(0.0, promise.remaining_seconds))}
    return PromiseCell(
        kind=promise.kind,
        label=promise.label,
        status=Status.PAUSED,
        value=_("Paused") if promise.breached_at is None else _("Overdue, paused"),
        note=waiting,
        at=promise.paused_until,
        tail=left,
    )


def _cancelled(promise: Promise) -> PromiseCell:
    broken = promise.breached_at is not None
    return PromiseCell(
        kind=promise.kind,
        label=promise.label,
        status=Status.BROKEN if broken else Status.ENDED,
        value=_("Not kept") if broken else _("No longer needed"),
        note=_target(promise),
    )


def _updates_given(promises: Sequence[Promise]) -> list[PromiseCell]:
    """All updates of a cycle in which none is owed any more, counted; no cell without any."""
    judged = [promise.kept for promise in promises if promise.kept is not None]
    if not judged:
        return []
    values = {"kept": sum(judged), "all": len(judged)}
    by_plan = [promise for promise in promises if not promise.promised_by_name]
    every = {"time": _counted(by_plan[-1], by_plan[-1].target_seconds)} if by_plan else None
    cell = PromiseCell(
        kind=Kind.UPDATE,
        label=_("Updates from us"),
        status=Status.KEPT if all(judged) else Status.BROKEN,
        value=_("%(kept)d of %(all)d in time") % values,
        note=_("promised every %(time)s") % every if every else "",
    )
    return [cell]


def _update_ahead(seconds: int) -> PromiseCell:
    return PromiseCell(
        kind=Kind.UPDATE,
        label=str(Kind.UPDATE.label),
        status=Status.AHEAD,
        value=_("After the first answer"),
        note=_("then every %(time)s until it is solved") % {"time": duration(seconds)},
    )


def _target(promise: Promise) -> str:
    length = {"time": _counted(promise, promise.target_seconds)}
    if promise.kind == Kind.RESOLUTION:
        return _("goal %(time)s") % length
    return _("promised within %(time)s") % length


def _counted(promise: Promise, seconds: float) -> str:
    """A length of the promise's time: "4 h", and if it is not counted around the clock, so."""
    if is_around_the_clock(promise.calendar_version):
        return duration(seconds)
    return _("%(time)s of working time") % {"time": working_time(seconds)}
