"""Ring people about a ticket, one ladder step after the other, until somebody takes it.

A ladder is frozen with its names when it starts (`oncall.freezing`), and rung step by step
(`ringing`); here stand the verbs that start it, climb it and end it.

Ringing ends when a person acknowledges, an engineer answers, or the ticket is solved, and
goes no further when it rang for an urgency that was taken back, unless a promise broke in the
meantime: then it rings on for that. A ladder that runs out is started anew with whoever is on
duty by then; one that finds nobody is tried again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.viewer import SYSTEM, Viewer
from tickets import (
    engine_requests,
    holdings,
    joining,
    lifecycle,
    promises,
    ring_reasons,
    ringing,
    silence,
    step_remarks,
)
from tickets.models import Entry, Escalation, Page, Promise, Ticket
from tickets.models.ticket import Severity, State
from tickets.oncall import duty, freezing
from tickets.oncall.ladder import frozen, next_index
from tickets.oncall.qualification import rank

NOBODY_RETRY = dt.timedelta(minutes=5)
RINGS: Final = (Severity.URGENT, Severity.IMPORTANT)
BREACHES: Final = {
    Promise.Kind.RESPONSE: Escalation.Reason.RESPONSE_BREACHED,
    Promise.Kind.UPDATE: Escalation.Reason.UPDATE_BREACHED,
    Promise.Kind.RESOLUTION: Escalation.Reason.RESOLUTION_BREACHED,
}


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
def start(
    *,
    ticket: Ticket,
    reason: Escalation.Reason,
    now: dt.datetime,
    from_level: str | None = None,
    asker: int | None = None,
) -> Escalation | None:
    """Freeze the ladder of the ticket's team and severity and ring its first step.

    Does nothing when there is no reason for it any more, or a ladder already rings; but
    `from_level` (asked for by hand by the person `asker`) takes the place of one that rings
    for lower levels. Without anybody on the ladder every lead is rung; without a single lead
    the event log says so, and it is tried again.
    """
    ticket = lifecycle.locked(ticket)
    if ring_reasons.is_moot(ticket, reason):
        return None
    under_way = Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).first()
    if under_way is not None and (not from_level or rank(under_way.level) >= rank(from_level)):
        return under_way
    team = duty.team_for(ticket)
    if from_level:
        found = freezing.freeze_from_level(ticket, team, now, level=from_level, asker=asker)
    else:
        silent = reason == Escalation.Reason.SILENCE
        found = freezing.freeze(ticket, team, now, silent=silent)
    if found is None:
        _impossible(ticket, reason, now=now, from_level=from_level, asker=asker)
        return None
    if under_way is not None:
        under_way.ticket, under_way.state = ticket, Escalation.State.REPLACED
        ringing.end(under_way, now=now)
    escalation = Escalation.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        team_name=team.name if team else "",
        reason=reason,
        level=from_level or "",
        source=found.source,
        ladder=frozen(found.ladder),
        silence_seconds=found.silence_seconds,
        started_at=now,
    )
    step_remarks.write(escalation, found.remarks, now=now)
    ringing.ring(escalation, next_index(found.ladder, -1) or 0, now=now)
    return escalation


@transaction.atomic
def next_step(*, escalation: Escalation, index: int, now: dt.datetime) -> None:
    """Nobody acknowledged in time: ring the next step, or start over at the end.

    What it rang for may be done with; a promise that broke while it rang may not. One that
    rings nobody by now was never told of either: the engine hears of it once more.
    """
    ticket = lifecycle.locked(escalation.ticket)
    escalation = Escalation.objects.select_for_update().get(pk=escalation.pk)
    if escalation.state != Escalation.State.RINGING or escalation.step >= index:
        return
    escalation.ticket = ticket
    reason = Escalation.Reason(escalation.reason)
    if ring_reasons.is_moot(ticket, reason, since=escalation.started_at):
        unheard = _unheard_breaches(ticket)
        to_ring = next((one for one in unheard if rings_for(ticket, one)), None)
        if to_ring is None:
            _stop(escalation, now=now)
            promises.hear_again(unheard, now=now)
            return
        escalation.reason = reason = BREACHES[Promise.Kind(to_ring.kind)]
    escalation.pages.filter(state=Page.State.RINGING).update(
        state=Page.State.NO_ANSWER, ended_at=now
    )
    reachable = ringing.next_reachable(escalation, index, now=now)
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
    start(ticket=ticket, reason=reason, now=now, from_level=escalation.level or None)


def rings_for(ticket: Ticket, promise: Promise) -> bool:
    """Whether breaking the promise rings; an update promised by name does at any severity."""
    return ticket.severity in RINGS or bool(promise.promised_by_name)


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
    if ticket.state == State.JOINED:  # whoever is rung is rung for what it has become part of
        ticket = lifecycle.locked(joining.current(ticket))
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
    silence.plan(ticket, now=now)
    return Acknowledgement(taken=True, by_name=by.name, at=now)


def rings(ticket: Ticket) -> bool:
    """Whether people are being rung about the ticket; the caller holds its lock."""
    return Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).exists()


@transaction.atomic
def heard_from(
    *, ticket: Ticket, by: Viewer, is_note: bool, said_at: dt.datetime, now: dt.datetime
) -> None:
    """Who answers has taken it, also without pressing a button, if that is what it rings for.

    A note ends a silence and nothing else. Called for a level, it goes on ringing until one
    of that level is there: what the others write in the meantime is no acknowledgement. Nor
    is what was said before there was anything to ring for, however late it is handled.
    """
    ticket = lifecycle.locked(ticket)
    rings = Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).first()
    if rings is None or (is_note and rings.reason != Escalation.Reason.SILENCE):
        return
    if rings.level and rank(by.level) < rank(rings.level):
        return
    if said_at < _wanted_since(rings):
        return
    acknowledge(ticket=ticket, by=by, now=now, takes_over=False)


@transaction.atomic
def stop(*, ticket: Ticket, now: dt.datetime) -> None:
    """The ticket is solved: ring nobody about it any more."""
    ticket = lifecycle.locked(ticket)
    for escalation in Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING):
        escalation.ticket = ticket
        _stop(escalation, now=now)


def _wanted_since(rings: Escalation) -> dt.datetime:
    """Since when somebody is wanted: the first start of a ladder that was started anew.

    The engine may come late to a breach; then it is since the promise broke.
    """
    since = rings.started_at
    earlier = Escalation.objects.filter(ticket=rings.ticket_id, pk__lt=rings.pk)
    for before in earlier.order_by("-id"):
        if before.state != Escalation.State.EXHAUSTED or before.ended_at != since:
            break
        since = before.started_at
    kinds = [kind for kind, reason in BREACHES.items() if reason == rings.reason]
    broken = Promise.objects.filter(
        ticket=rings.ticket_id, kind__in=kinds, breached_at__lte=rings.started_at
    )
    broken_at = broken.order_by("-breached_at").values_list("breached_at", flat=True).first()
    return min(since, broken_at) if broken_at else since


def _unheard_breaches(ticket: Ticket) -> list[Promise]:
    """What was broken, is still owed, and nobody has taken since; the first broken first."""
    if not ticket.is_unsolved:
        return []
    broken = Promise.objects.open().filter(ticket=ticket, breached_at__isnull=False)
    return [
        promise
        for promise in broken.order_by("breached_at", "id")
        if promise.breached_at and not _taken_since(ticket, promise.breached_at)
    ]


def _taken_since(ticket: Ticket, at: dt.datetime) -> bool:
    """Whether somebody acknowledged, or answered, which will count as that."""
    acknowledged = Escalation.objects.filter(ticket=ticket, acknowledged_at__gte=at)
    answers = Entry.objects.filter(ticket=ticket, kind=Entry.Kind.REPLY, by_staff=True, at__gte=at)
    return acknowledged.exists() or answers.exists()


def _impossible(
    ticket: Ticket,
    reason: Escalation.Reason,
    *,
    now: dt.datetime,
    from_level: str | None,
    asker: int | None,
) -> None:
    events.record(
        verb="escalation.impossible",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
    )
    engine_requests.ring(
        ticket, reason=str(reason), now=now + NOBODY_RETRY, level=from_level or "", asker=asker
    )


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
    silence.plan(escalation.ticket, now=now)
