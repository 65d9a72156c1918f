"""Agree with the customer to wait until a date: the clocks whose policy allows it stand still."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import SYSTEM, Viewer
from tickets import engine_requests, lifecycle, promise_ledger, promises, texts, transitions
from tickets.models import AgreedDate, Promise, Ticket
from tickets.models.promise import PauseReason

LONGEST: Final = dt.timedelta(days=90)
Ending = AgreedDate.Ending


@transaction.atomic
def agree(
    *, ticket: Ticket, by: Viewer, until: dt.datetime, reason: str, now: dt.datetime
) -> AgreedDate:
    """Wait until that instant (aware); the customer reads date and reason, and may object by
    writing. A date agreed before is replaced.

    ValidationError, by field, for a date that is over or too far, without a reason, or when
    the ticket's policy lets no running clock wait for a date, as for urgent ones.
    """
    ticket = lifecycle.locked(ticket)
    access.require(by, "ticket.agree_date", ticket.organization_id)
    transitions.next_state(ticket, "agree_date")
    if by.user is None:
        raise ValueError("Only a person agrees on a date.")
    reason = texts.clean_line(reason, field="reason", limit=texts.REASON_LIMIT)
    if not reason:
        raise ValidationError({"reason": _("Say why; the customer reads it.")})
    if until <= now:
        raise ValidationError({"until": _("This date is over already.")})
    if until > now + LONGEST:
        raise ValidationError(
            {"until": _("At most %(days)d days from now.") % {"days": LONGEST.days}}
        )
    if not may_wait(promise_ledger.open_of(ticket, Promise.Kind.values)):
        raise ValidationError(_("No promise of this ticket may wait for a date."))
    promises.end_agreed_date(ticket, Ending.REPLACED, now=now)
    agreed = AgreedDate.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        until=until,
        reason=reason,
        by=by.user,
        by_name=by.name,
        at=now,
    )
    promises.weigh_pauses(ticket, by=by, now=now)
    promises.plan_date(ticket, agreed, key=f"agreed:{agreed.pk}")
    _touch(ticket, now=now)
    _record(ticket, "ticket.date_agreed", agreed, by=by, now=now)
    return agreed


@transaction.atomic
def end(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Wait no longer: the clocks run again at once."""
    ticket = lifecycle.locked(ticket)
    access.require(by, "ticket.agree_date", ticket.organization_id)
    ended = promises.end_agreed_date(ticket, Ending.ENDED, now=now)
    if ended is None:
        raise ValidationError(_("No date is agreed any more."))
    promises.weigh_pauses(ticket, by=by, now=now)
    _touch(ticket, now=now)
    _record(ticket, "ticket.date_ended", ended, by=by, now=now)


@transaction.atomic
def reached(*, agreed: AgreedDate, now: dt.datetime) -> None:
    """The date has come: the clocks run again. One that ended before changes nothing."""
    ticket = lifecycle.locked(agreed.ticket)
    agreed.refresh_from_db()
    if agreed.ended_at is not None:
        return
    promises.end_agreed_date(ticket, Ending.REACHED, now=now)
    promises.weigh_pauses(ticket, by=SYSTEM, now=now)
    _record(ticket, "ticket.date_reached", agreed, by=SYSTEM, now=now)


def open_date() -> Subquery:
    """For annotating tickets: the date agreed on and why, as JSON; None without one."""
    rows = AgreedDate.objects.filter(ticket=OuterRef("pk"), ended_at=None)
    return Subquery(rows.values(row=JSONObject(until="until", reason="reason", by="by_name"))[:1])


def may_wait(open_promises: list[Promise]) -> bool:
    """Whether any of these clocks may wait for a date under its policy."""
    return any(
        PauseReason.AGREED_DATE in promise_ledger.pauses_of(promise) for promise in open_promises
    )


def _touch(ticket: Ticket, *, now: dt.datetime) -> None:
    ticket.updated_at = now
    ticket.save(update_fields=["updated_at"])


def _record(ticket: Ticket, verb: str, agreed: AgreedDate, *, by: Viewer, now: dt.datetime) -> None:
    event = events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        agreed=agreed.pk,
        until=agreed.until.isoformat(),
    )
    engine_requests.announce(ticket, event.pk, now=now)
