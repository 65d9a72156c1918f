"""Ring people about a ticket, one ladder step after the other, until somebody takes it.

A ladder is frozen with its names when it starts (`oncall.freezing`), and rung step by step
(`ringing`); here stand the verbs that start it, climb it and end it.

Ringing ends when a person acknowledges, an engineer answers, or the ticket is solved, and
goes no further when it rang for an urgency that was taken back. A ladder that runs out is
started anew with whoever is on duty by then; one that finds nobody is tried again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import SYSTEM, Viewer
from tickets import engine_requests, holdings, lifecycle, promises, ringing, transitions
from tickets.models import Escalation, Handover, Page, Ticket
from tickets.models.ticket import Severity
from tickets.oncall import duty, freezing
from tickets.oncall.ladder import frozen, next_index, thawed

NOBODY_RETRY = dt.timedelta(minutes=5)
_Reason = Escalation.Reason
_FOR_URGENCY = (_Reason.URGENT, _Reason.RAISED, _Reason.REOPENED)
_FOR_AN_ANSWER = (_Reason.URGENT, _Reason.REOPENED, _Reason.RESPONSE_BREACHED)


class NothingRinging(Exception):
    """Nobody is being rung about this ticket (any more)."""

    def __init__(self, last: Escalation | None) -> None:
        self.last = last
        super().__init__(_("Nobody is being rung about this ticket any more."))


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What came of an acknowledgement: `taken` is False when somebody else was first."""

    taken: bool
    by_name: str
    at: dt.datetime | None


@transaction.atomic
def start(*, ticket: Ticket, reason: Escalation.Reason, now: dt.datetime) -> Escalation | None:
    """Freeze the ladder of the ticket's team and ring its first step.

    Does nothing when there is no reason for it any more, or the ladder already rings.
    Without anybody on the ladder every lead is rung; without a single lead the event log says
    so, and it is tried again.
    """
    ticket = lifecycle.locked(ticket)
    if _is_moot(ticket, reason):
        return None
    under_way = Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).first()
    if under_way is not None:
        return under_way
    team = duty.team_for(ticket)
    ladder = freezing.freeze(team, now)
    if ladder is None:
        events.record(
            verb="escalation.impossible",
            subject=ticket.event_subject,
            by=SYSTEM,
            at=now,
            organization_id=ticket.organization_id,
            internal=True,
        )
        engine_requests.ring(ticket, reason=str(reason), now=now + NOBODY_RETRY)
        return None
    escalation = Escalation.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        team_name=team.name if team else "",
        reason=reason,
        ladder=frozen(ladder),
        started_at=now,
    )
    first = next_index(ladder, -1)
    ringing.ring(escalation, first or 0, now=now)
    return escalation


@transaction.atomic
def next_step(*, escalation: Escalation, index: int, now: dt.datetime) -> None:
    """Nobody acknowledged in time: ring the next step, or start over at the end."""
    ticket = lifecycle.locked(escalation.ticket)
    escalation = Escalation.objects.select_for_update().get(pk=escalation.pk)
    if escalation.state != Escalation.State.RINGING or escalation.step >= index:
        return
    escalation.ticket = ticket
    if _is_moot(ticket, Escalation.Reason(escalation.reason)):
        _stop(escalation, now=now)
        return
    escalation.pages.filter(state=Page.State.RINGING).update(
        state=Page.State.NO_ANSWER, ended_at=now
    )
    reachable = ringing.next_reachable(thawed(escalation.ladder), index)
    if reachable is not None:
        ringing.ring(escalation, reachable, now=now)
        return
    escalation.state, escalation.ended_at = Escalation.State.EXHAUSTED, now
    escalation.next_names, escalation.next_at = [], None
    escalation.save()
    events.record(
        verb="escalation.exhausted",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=ticket.organization_id,
        escalation=escalation.pk,
    )
    start(ticket=ticket, reason=Escalation.Reason(escalation.reason), now=now)


@transaction.atomic
def acknowledge(
    *, ticket: Ticket, by: Viewer, now: dt.datetime, takes_over: bool = True
) -> Acknowledgement:
    """Take the ticket: ringing stops, and `by` is responsible until it is solved.

    With `takes_over` off (an answer that only counts as an acknowledgement) an owner the
    ticket has got by now keeps it.

    Of any number of simultaneous acknowledgements exactly one is taken; the others learn
    whose it was. Raises `NothingRinging` when no ladder ever was acknowledged or rings.
    """
    access.require(by, "page.acknowledge", ticket.organization_id)
    if by.user is None:
        raise ValueError("Only a person acknowledges.")
    ticket = lifecycle.locked(ticket)
    escalation = Escalation.objects.filter(ticket=ticket).order_by("-id").first()
    if escalation is None or escalation.state not in (
        Escalation.State.RINGING,
        Escalation.State.ACKNOWLEDGED,
    ):
        raise NothingRinging(escalation)
    if escalation.state == Escalation.State.ACKNOWLEDGED:
        return Acknowledgement(
            taken=escalation.acknowledged_by_id == by.user.pk,
            by_name=escalation.acknowledged_by_name,
            at=escalation.acknowledged_at,
        )
    escalation.state = Escalation.State.ACKNOWLEDGED
    escalation.acknowledged_by, escalation.acknowledged_by_name = by.user, by.name
    escalation.acknowledged_at = now
    own = escalation.pages.filter(person=by.user).order_by("-step").first()
    if own is not None:
        own.state, own.ended_at = Page.State.ACKNOWLEDGED, now
        own.save(update_fields=["state", "ended_at"])
    ringing.end(escalation, now=now)
    if takes_over or ticket.owner_id is None:
        ticket.owner = by.user
        holdings.record(ticket, by.user, by, now)
    ticket.updated_at = now
    ticket.save(update_fields=["owner", "updated_at"])
    events.record(
        verb="page.acknowledged",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        escalation=escalation.pk,
    )
    return Acknowledgement(taken=True, by_name=by.name, at=now)


@transaction.atomic
def stop(*, ticket: Ticket, now: dt.datetime) -> None:
    """The ticket is solved: ring nobody about it any more."""
    ticket = lifecycle.locked(ticket)
    for escalation in Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING):
        escalation.ticket = ticket
        _stop(escalation, now=now)


@transaction.atomic
def ring_by_hand(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    """An engineer asks for the ladder of the ticket's team, whatever its severity."""
    ticket = lifecycle.locked(ticket)
    access.require(by, "page.escalate", ticket.organization_id)
    transitions.next_state(ticket, "escalate")
    engine_requests.ring(ticket, reason="manual", now=now)
    events.record(
        verb="escalation.requested",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
    )


@transaction.atomic
def delivered(*, page: Page, channel: str, now: dt.datetime) -> None:
    """A page left the house by one of its channels. Delivered is not acknowledged.

    The trail tells of a channel once something left by it; a page of which nothing rang at
    once was rung when its first message left.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    if page.delivered_at is not None and channel in page.channels:
        return
    if not page.channels:
        page.rung_at = now
    if channel not in page.channels:
        page.channels = [*page.channels, channel]
    page.delivered_at = page.delivered_at or now
    page.save(update_fields=["rung_at", "channels", "delivered_at"])
    events.record(
        verb="page.delivered",
        subject=f"ticket/{page.ticket_id}",
        by=SYSTEM,
        at=now,
        organization_id=page.organization_id,
        page=str(page.pk),
        channel=channel,
    )


def _is_moot(ticket: Ticket, reason: Escalation.Reason) -> bool:
    """Whether what the ladder was to bring about is done, or no longer wanted."""
    if not ticket.is_unsolved:
        return True
    if reason == _Reason.HANDOVER:
        return not Handover.objects.standing().filter(ticket=ticket).exists()
    if reason in _FOR_URGENCY and ticket.severity != Severity.URGENT:
        return True
    return reason in _FOR_AN_ANSWER and not promises.owes_answer(ticket)


def _stop(escalation: Escalation, *, now: dt.datetime) -> None:
    escalation.state = Escalation.State.STOPPED
    ringing.end(escalation, now=now)
    events.record(
        verb="escalation.stopped",
        subject=escalation.ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
    )
