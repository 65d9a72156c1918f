"""When a level's part of the time for a solution is used up."""

from __future__ import annotations

import datetime as dt

from accounts.models import Deadline
from portal import notifications
from portal.engine.promises import locked
from tickets import level_budgets


def plan(row: Deadline, now: dt.datetime) -> None:
    """The clock or the holder changed: put down anew when a budget will be used up."""
    _ticket, promise = locked(row)
    level_budgets.plan(promise, now=now)


def spent(row: Deadline, now: dt.datetime) -> None:
    """Tell the owner and the leads, once, if it is used up and the solution still owed."""
    ticket, promise = locked(row)
    level = str(row.data["level"])
    event = level_budgets.look(ticket, promise, level, now=now)
    if event is not None:
        notifications.budget_spent(ticket, event, now=now)
