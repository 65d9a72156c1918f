"""What happens when a promise runs out, or is about to, or may run again."""

from __future__ import annotations

import datetime as dt
from typing import Final

from accounts import agenda
from accounts.models import Deadline
from portal import notifications
from tickets import agreed_dates, escalation, lifecycle, promise_warnings
from tickets import promises as clocks
from tickets.models import AgreedDate, Promise, Ticket

TELL: Final = "promise.tell"


def due(row: Deadline, now: dt.datetime) -> None:
    """Note the breach, if it is one, and have somebody come: by ladder, or by mail if normal.

    An update that a person promised by name rings whatever the severity.
    """
    ticket, promise = locked(row)
    if not clocks.ran_out(promise, now=now):
        return
    _tell_customers(promise, "promise.broken", now)
    if escalation.rings_for(ticket, promise):
        reason = escalation.BREACHES[Promise.Kind(promise.kind)]
        escalation.start(ticket=ticket, reason=reason, now=now)
    else:
        notifications.promise_broken(ticket, promise, now=now)


def warn(row: Deadline, now: dt.datetime) -> None:
    """A share of the time is used up: tell whoever is responsible by mail, while there is time."""
    ticket, promise = locked(row)
    event = promise_warnings.warn(ticket, promise, share=float(row.data["share"]), now=now)
    if event is not None:
        notifications.promise_warned(ticket, promise, event, now=now)
        _tell_customers(promise, event.verb, now)


def tell_customers(row: Deadline, now: dt.datetime) -> None:
    """Tell whoever of the customer's asked to hear of promises in danger."""
    _ticket, promise = locked(row)
    notifications.promise_in_danger(promise, str(row.data["verb"]), now=now)


def _tell_customers(promise: Promise, verb: str, now: dt.datetime) -> None:
    """Later and by itself, so that a mail never keeps a ladder waiting; once for each promise."""
    agenda.schedule(
        kind=TELL,
        key=f"{TELL}:{promise.pk}:{verb}",
        due_at=now,
        subject=f"promise/{promise.pk}",
        organization_id=promise.organization_id,
        promise=promise.pk,
        verb=verb,
    )


def date_reached(row: Deadline, now: dt.datetime) -> None:
    """The agreed date has come: the clocks run again."""
    agreed = AgreedDate.objects.select_related("ticket").get(pk=row.data["agreed"])
    agreed_dates.reached(agreed=agreed, now=now)


def locked(row: Deadline) -> tuple[Ticket, Promise]:
    """The promise a deadline is about and its ticket, locked in the order the verbs lock them."""
    promises = Promise.objects.select_related("policy_version", "calendar_version")
    mine = promises.filter(pk=int(row.data["promise"]))
    ticket = lifecycle.locked_where(mine.values_list("ticket", flat=True).get)
    return ticket, mine.select_for_update(of=("self",)).get()
