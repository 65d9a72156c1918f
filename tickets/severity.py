"""Change the severity: up at once, down only with the customer's consent or a lead's name."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import Viewer
from tickets import engine_requests, lifecycle, promises, texts, transitions
from tickets.models import Join, SeverityChange, Ticket
from tickets.models.ticket import Severity

Outcome = SeverityChange.Outcome


@transaction.atomic
def change(
    *, ticket: Ticket, by: Viewer, to: Severity, reason: str, now: dt.datetime
) -> SeverityChange:
    """Say how severe it is.

    The customer's word and any raise are in force at once; a customer who raises is heard from,
    so that we wait for them no longer. A downgrade by staff is a proposal
    until the customer agrees; a manager's is in force at once, with the manager's name, but
    leaves what is promised as it was. Both need a reason.
    """
    ticket = lifecycle.locked(ticket)
    access.require(by, "severity.change", ticket.organization_id)
    before, to = Severity(ticket.severity), Severity(to)
    is_heard_from = not by.is_staff and to.rank < before.rank
    after = transitions.next_state(ticket, "raise_severity" if is_heard_from else "change_severity")
    if by.user is None:
        raise ValueError("Only a person says how severe it is.")
    if before == to:
        raise ValidationError(
            {"severity": _("The ticket already is “%(severity)s”.") % {"severity": to.label}}
        )
    reason = texts.clean_line(reason, field="reason", limit=texts.REASON_LIMIT)
    downgrade_by_staff = by.is_staff and to.rank > before.rank
    if downgrade_by_staff and not reason:
        raise ValidationError({"reason": _("Say why; the customer reads it.")})
    if downgrade_by_staff and not access.allows(by, "severity.decide", ticket.organization_id):
        outcome = Outcome.PROPOSED
    elif downgrade_by_staff:
        outcome = Outcome.DECIDED
    else:
        outcome = Outcome.APPLIED
    if by.is_staff:
        ticket.staff_severity = to
    else:
        ticket.customer_severity = to
    _withdraw_proposal(ticket, by=by, now=now)
    row = SeverityChange.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        before=before,
        after=to,
        by=by.user,
        by_name=by.name,
        by_staff=by.is_staff,
        reason=reason,
        outcome=outcome,
        at=now,
    )
    if outcome == Outcome.PROPOSED:
        ticket.updated_at = now
        ticket.save(update_fields=["staff_severity", "updated_at"])
    else:
        if after != ticket.state:
            ticket.state = after
            engine_requests.listen(ticket, now=now)  # else nobody notices that we fall silent
        lowered_by_customer = not by.is_staff and to.rank > before.rank
        _put_in_force(ticket, to, by=by, now=now, consented=lowered_by_customer)
    _record(ticket, row, by=by, now=now)
    return row


@transaction.atomic
def answer_proposal(*, ticket: Ticket, by: Viewer, agree: bool, now: dt.datetime) -> SeverityChange:
    """The customer agrees to a proposed downgrade, or refuses it."""
    ticket = lifecycle.locked(ticket)
    access.require(by, "severity.consent", ticket.organization_id)
    transitions.next_state(ticket, "change_severity")
    row = (
        SeverityChange.objects.select_for_update()
        .filter(ticket=ticket, outcome=Outcome.PROPOSED)
        .first()
    )
    if row is None:
        raise ValidationError(_("There is no proposal to answer any more."))
    row.outcome = Outcome.AGREED if agree else Outcome.REFUSED
    row.answered_by, row.answered_by_name, row.answered_at = by.user, by.name, now
    row.save(update_fields=["outcome", "answered_by", "answered_by_name", "answered_at"])
    if agree:
        ticket.customer_severity = row.after
        _put_in_force(ticket, Severity(row.after), by=by, now=now, consented=True)
    _record(ticket, row, by=by, now=now)
    return row


def take_over(kept: Ticket, joined: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    """Make a ticket as severe as the one that becomes part of it; part of that verb.

    Whoever calls this holds both locks, and sees to whom it rings for.
    """
    after = Severity(joined.severity)
    if after.rank >= Severity(kept.severity).rank or by.user is None:
        return
    _withdraw_proposal(kept, by=by, now=now)
    kept.customer_severity = joined.customer_severity
    reason = _("Joined with %(ticket)s") % {"ticket": joined.reference}
    _become(kept, after, reason, by=by, now=now)
    promises.regrade(kept, by=by, now=now, consented=False)


def give_back(kept: Ticket, split: Ticket, *, by: Viewer, now: dt.datetime) -> dt.datetime | None:
    """Make a ticket as severe again as it was before others became part of it, if it was they
    who raised it, and nobody has said since how severe it is; part of that verb.

    It stays as severe as what still is part of it. Since when it was more severe by joins
    alone; None if it stays as it is. Nothing severe is lost sight of: `split` is as severe as
    it was.
    """
    joins = Join.objects.filter(kept=kept, declined=False)
    of_joins = {at for ats in joins.values_list("at", "ended_at") for at in ats}
    changes = list(kept.severity_changes.order_by("id"))
    by_joins = list(takewhile(lambda one: one.before and one.at in of_joins, reversed(changes)))
    if not by_joins or by.user is None:
        return None
    parts = joins.filter(ended_at=None).values_list("joined__severity", flat=True)
    own = by_joins[-1].before
    after = min((Severity(one) for one in (own, *parts)), key=lambda one: one.rank)
    if after.rank <= Severity(kept.severity).rank:
        return None
    said = [one for one in changes if not one.by_staff or one.outcome == Outcome.AGREED]
    kept.customer_severity = said[-1].after if said else own
    reason = _("Split from %(ticket)s") % {"ticket": split.reference}
    _become(kept, after, reason, by=by, now=now)
    return by_joins[-1].at


def _become(
    ticket: Ticket, severity: Severity, reason: str, *, by: Viewer, now: dt.datetime
) -> None:
    """Put a severity that a join or a split brings on record, and on the ticket."""
    if by.user is None:
        raise ValueError("Only a person joins and splits.")
    SeverityChange.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        before=ticket.severity,
        after=severity,
        by=by.user,
        by_name=by.name,
        by_staff=by.is_staff,
        reason=reason,
        outcome=Outcome.APPLIED,
        at=now,
    )
    ticket.severity, ticket.updated_at = severity, now
    ticket.save(update_fields=["severity", "customer_severity", "updated_at"])


def _withdraw_proposal(ticket: Ticket, *, by: Viewer, now: dt.datetime) -> None:
    SeverityChange.objects.filter(ticket=ticket, outcome=Outcome.PROPOSED).update(
        outcome=Outcome.SUPERSEDED, answered_by=by.user, answered_by_name=by.name, answered_at=now
    )


def _put_in_force(
    ticket: Ticket, to: Severity, *, by: Viewer, now: dt.datetime, consented: bool
) -> None:
    raised_to_urgent = to == Severity.URGENT
    ticket.severity = to
    ticket.updated_at = now
    ticket.save(
        update_fields=["severity", "customer_severity", "staff_severity", "state", "updated_at"],
    )
    promises.regrade(ticket, by=by, now=now, consented=consented)
    if raised_to_urgent:
        engine_requests.ring(ticket, reason="raised", now=now)


def _record(ticket: Ticket, row: SeverityChange, *, by: Viewer, now: dt.datetime) -> None:
    event = events.record(
        verb="severity.changed",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        before=row.before,
        after=row.after,
        outcome=row.outcome,
    )
    engine_requests.announce(ticket, event.pk, now=now)
