"""Who spent the time of a solution: per level, and the word when a level's part is used up.

The arithmetic is pure (`tickets.sla.budgets`). A deadline stands for the moment the present
holder's budget will be used up; it is struck, and the engine asked to set it again, whenever
the clock or the holder changes: who holds a ticket is nothing a customer's transaction may read.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from accounts import agenda, events
from accounts.models import Event
from accounts.viewer import SYSTEM
from tickets import ledger
from tickets.models import Holding, Promise, Ticket
from tickets.sla.budgets import (
    Held,
    LevelTime,
    running_periods,
    spent_at,
    time_of_levels,
    used_up_at,
)

PLAN: Final = "budget.plan"
SPENT: Final = "budget.spent"


def ask(promise: Promise, *, now: dt.datetime) -> None:
    """Have the engine plan anew; nothing for a promise without budgets.

    Budgets are parts of the solution's time, so no other promise has any.
    """
    if promise.kind != Promise.Kind.RESOLUTION or not promise.policy_version.budgets:
        return
    subject = f"promise/{promise.pk}"
    agenda.strike(subject=subject, kind=SPENT, now=now)
    if promise.is_open:
        agenda.schedule(
            kind=PLAN,
            key=f"{subject}:{PLAN}:{uuid.uuid4()}",
            due_at=now,
            subject=subject,
            organization_id=promise.organization_id,
            promise=promise.pk,
        )


def ask_for(ticket: Ticket, *, now: dt.datetime) -> None:
    """The ticket has another holder: have the engine plan for its solution anew."""
    owed = Promise.objects.open().filter(ticket=ticket, kind=Promise.Kind.RESOLUTION)
    for promise in owed.select_related("policy_version"):
        ask(promise, now=now)


def holdings_of(ticket_id: int) -> list[Held]:
    """Who held the ticket since when, oldest first. One query."""
    rows = Holding.objects.filter(ticket=ticket_id).order_by("since", "id")
    return [Held(since, level) for since, level in rows.values_list("since", "person_level")]


def times(promise: Promise, held: Sequence[Held], now: dt.datetime) -> list[LevelTime]:
    """The working seconds each level spent of a promise up to `now`, and its budget."""
    rows = ledger.rows(promise)
    periods = running_periods(
        ledger.terms(promise, rows).calendar, ledger.facts(promise, rows), now
    )
    return time_of_levels(periods, held, promise.policy_version.budgets)


def plan(promise: Promise, *, now: dt.datetime) -> None:
    """Put down when the present holder's budget will be used up, in place of what was planned.

    A level that used its budget up before it handed the ticket on is told of at once. The
    caller holds the ticket's lock.
    """
    subject = f"promise/{promise.pk}"
    agenda.strike(subject=subject, kind=SPENT, now=now)
    if not promise.is_open:
        return
    held = holdings_of(promise.ticket_id)
    holder = held[-1].level if held else ""
    is_running = promise.state == Promise.State.RUNNING
    calendar = ledger.clock(promise).terms.calendar
    for level in times(promise, held, now):
        at = used_up_at(calendar, level, now, holds=is_running and level.level == holder)
        if at is None:
            continue
        # What is used up stays so: this key is there once, however often it is planned.
        once = "spent" if level.is_spent else str(uuid.uuid4())
        agenda.schedule(
            kind=SPENT,
            key=f"{subject}:{SPENT}:{level.level}:{once}",
            due_at=at,
            subject=subject,
            organization_id=promise.organization_id,
            promise=promise.pk,
            level=level.level,
        )


def look(ticket: Ticket, promise: Promise, level: str, *, now: dt.datetime) -> Event | None:
    """Put on record that a level's budget is used up, dated to the instant it was.

    None if it is not, if nothing is owed any more, or if it is on record already. The caller
    holds the ticket's lock.
    """
    budget = promise.policy_version.budgets.get(level)
    if budget is None or not promise.is_open:
        return None
    rows = ledger.rows(promise)
    periods = running_periods(
        ledger.terms(promise, rows).calendar, ledger.facts(promise, rows), now
    )
    at = spent_at(periods, holdings_of(ticket.pk), level, budget)
    if at is None or _is_told(ticket, promise, level):
        return None
    return events.record(
        verb="promise.budget_spent",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=at,
        organization_id=ticket.organization_id,
        internal=True,
        promise=promise.pk,
        level=level,
        budget_seconds=budget,
    )


def _is_told(ticket: Ticket, promise: Promise, level: str) -> bool:
    """Whether it was told of this level in this promise."""
    told = Event.objects.about(ticket.event_subject).filter(
        organization_id=ticket.organization_id,
        verb="promise.budget_spent",
        data__promise=promise.pk,
        data__level=level,
    )
    return told.exists()
