"""Write down who holds a ticket, wherever its owner changes."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from accounts.viewer import Viewer
from tickets import level_budgets
from tickets.models import Holding, Ticket


def record(ticket: Ticket, holder: User | None, by: Viewer, now: dt.datetime) -> None:
    """From `now` on the ticket is `holder`'s, or nobody's; the same holder again is no news.

    To be called under the ticket's lock. It is never dated before the holding it follows:
    two transactions may reach a ticket in another order than they read the time.
    """
    last = Holding.objects.filter(ticket=ticket).order_by("since", "id").last()
    if (last.person_id if last else None) == (holder.pk if holder else None):
        return
    Holding.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        person=holder,
        person_name=holder.name if holder else "",
        person_level=Viewer.of(holder).level if holder else "",
        by=by.user,
        since=max(now, last.since) if last else now,
    )
    level_budgets.ask_for(ticket, now=now)
