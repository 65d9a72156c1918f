"""Ring people about a ticket, one ladder step after the other, until somebody takes it.

A ladder is frozen with its names when it starts. Each step is a deadline the engine handles
in one transaction with its pages, so a killed engine repeats nothing and forgets nothing.
Ringing ends when a person acknowledges, an engineer answers, or the ticket is solved, and
goes no further when it rang for an urgency that was taken back. A ladder that runs out is
started anew with whoever is on duty by then; one that finds nobody is tried again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import ContactMethod, Delivery, User
from accounts.viewer import SYSTEM, Viewer
from tickets import lifecycle, promises, transitions
from tickets.models import Escalation, Handover, Page, Team, Ticket
from tickets.models.ticket import Severity
from tickets.oncall import duty
from tickets.oncall.ladder import (
    Ladder,
    Rung,
    Step,
    frozen,
    next_in_line,
    next_index,
    step_at,
    thawed,
)

STEP = "ladder.step"
PATIENCE_SECONDS = 180
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
    ringing = Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).first()
    if ringing is not None:
        return ringing
    team = duty.team_for(ticket)
    ladder = _freeze(team, now)
    if ladder is None:
        events.record(
            verb="escalation.impossible",
            subject=ticket.event_subject,
            by=SYSTEM,
            at=now,
            organization_id=ticket.organization_id,
            internal=True,
        )
        lifecycle.ring(ticket, reason=str(reason), now=now + NOBODY_RETRY)
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
    _ring(escalation, first or 0, now=now)
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
    reachable = _next_reachable(thawed(escalation.ladder), index)
    if reachable is not None:
        _ring(escalation, reachable, now=now)
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
    _end(escalation, now=now)
    if takes_over or ticket.owner_id is None:
        ticket.owner = by.user
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
    lifecycle.ring(ticket, reason="manual", now=now)
    events.record(
        verb="escalation.requested",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
    )


@transaction.atomic
def delivered(*, page: Page, channel: str, now: dt.datetime) -> None:
    """A page left the house by one of its channels. Delivered is not acknowledged."""
    first = Page.objects.filter(pk=page.pk, delivered_at=None).update(delivered_at=now)
    if not first:
        return
    page.delivered_at = now
    events.record(
        verb="page.delivered",
        subject=f"ticket/{page.ticket_id}",
        by=SYSTEM,
        at=now,
        organization_id=page.organization_id,
        page=str(page.pk),
        channel=channel,
    )


def _freeze(team: Team | None, now: dt.datetime) -> Ladder | None:
    """The ladder with the people it rings, those of a roster as of the step's own time."""
    steps, at = [], now
    for row in team.ladder.select_related("roster") if team else ():
        people = duty.people_of(row, team, at) if team else []
        steps.append(_step(row.patience_seconds, people))
        if people:
            at += dt.timedelta(seconds=row.patience_seconds)
    if not any(step.people for step in steps):
        steps = [_step(PATIENCE_SECONDS, duty.leads(None))]
    if not any(step.people for step in steps):
        return None
    return Ladder(steps=tuple(steps), rounds=max(1, team.rounds) if team else 1)


def _is_moot(ticket: Ticket, reason: Escalation.Reason) -> bool:
    """Whether what the ladder was to bring about is done, or no longer wanted."""
    if not ticket.is_unsolved:
        return True
    if reason == _Reason.HANDOVER:
        return not Handover.objects.standing().filter(ticket=ticket).exists()
    if reason in _FOR_URGENCY and ticket.severity != Severity.URGENT:
        return True
    return reason in _FOR_AN_ANSWER and not promises.owes_answer(ticket)


def _next_reachable(ladder: Ladder, index: int) -> int | None:
    """The first step from `index` on with somebody who still works here."""
    reachable: int | None = next_index(ladder, index - 1)
    while reachable is not None:
        step = step_at(ladder, reachable)
        if step is not None and _still_here(step):
            return reachable
        reachable = next_index(ladder, reachable)
    return None


def _still_here(step: Step) -> dict[int, User]:
    """The people of a frozen step, less those who left since."""
    ids = [int(str(rung.person)) for rung in step.people]
    here = User.objects.filter(pk__in=ids, is_active=True, is_staff=True)
    return {person.pk: person for person in here}


def _step(patience_seconds: int, people: list[User]) -> Step:
    rungs = []
    for person in people:
        profile = getattr(person, "staff_profile", None)
        rungs.append(Rung(person.pk, person.name, profile.level if profile else ""))
    return Step(after_seconds=patience_seconds, people=tuple(rungs))


def _ring(escalation: Escalation, index: int, *, now: dt.datetime) -> None:
    ladder = thawed(escalation.ladder)
    step = step_at(ladder, index)
    if step is None:
        raise ValueError(f"The ladder has no step {index}.")
    following = next_in_line(ladder, index)
    next_step_index = next_index(ladder, index)
    if next_step_index is None:
        next_step_index = len(ladder.steps) * ladder.rounds
    escalation.step = index
    escalation.next_at = now + dt.timedelta(seconds=step.after_seconds or PATIENCE_SECONDS)
    escalation.next_names = [rung.name for rung in following.people] if following else []
    escalation.save()
    methods: dict[int, list[ContactMethod]] = {}
    people = _still_here(step)
    for method in ContactMethod.objects.filter(user__in=people).order_by("position", "id"):
        methods.setdefault(method.user_id, []).append(method)
    rungs = [rung for rung in step.people if int(str(rung.person)) in people]
    for rung in rungs:
        pk = int(str(rung.person))
        _page(escalation, index, rung, people[pk], methods.get(pk, []), now)
    agenda.schedule(
        kind=STEP,
        key=f"{escalation.event_subject}:{next_step_index}",
        due_at=escalation.next_at,
        subject=escalation.event_subject,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
        index=next_step_index,
    )
    events.record(
        verb="page.rung",
        subject=escalation.ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
        names=[rung.name for rung in rungs],
        step=index,
    )


def _page(
    escalation: Escalation,
    index: int,
    rung: Rung,
    person: User,
    methods: list[ContactMethod],
    now: dt.datetime,
) -> None:
    """Ring one person by all their contact methods; without any, by their login's address."""
    if not methods:
        methods = [ContactMethod(pk=0, kind=ContactMethod.Kind.EMAIL, address=person.email)]
    page = Page.objects.create(
        organization_id=escalation.organization_id,
        ticket=escalation.ticket,
        escalation=escalation,
        person=person,
        person_name=rung.name,
        person_level=rung.level,
        step=index,
        channels=list(dict.fromkeys(method.kind for method in methods)),
        rung_at=now,
    )
    payload = _text(escalation, person) | {"page": str(page.pk)}
    for method in methods:
        agenda.send(
            kind=Delivery.Kind.PAGE,
            key=f"page:{page.pk}:{method.pk}",
            channel=method.kind,
            address=method.address,
            subject=escalation.event_subject,
            payload=payload,
            due_at=now,
            organization_id=escalation.organization_id,
        )


def _text(escalation: Escalation, person: User) -> dict[str, str]:
    ticket = escalation.ticket
    with translation.override(person.language):
        reason = Escalation.Reason(escalation.reason).label
        return {
            "language": person.language,
            "title": f"{ticket.reference} · {ticket.get_severity_display()} · {reason}",
            "text": _("%(organization)s: %(subject)s")
            % {
                "organization": ticket.organization.name,
                "subject": ticket.subject,
            },
        }


def _stop(escalation: Escalation, *, now: dt.datetime) -> None:
    escalation.state = Escalation.State.STOPPED
    _end(escalation, now=now)
    events.record(
        verb="escalation.stopped",
        subject=escalation.ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
    )


def _end(escalation: Escalation, *, now: dt.datetime) -> None:
    escalation.ended_at = now
    escalation.next_names, escalation.next_at = [], None
    escalation.save()
    escalation.pages.filter(state=Page.State.RINGING).update(state=Page.State.STOPPED, ended_at=now)
    agenda.strike(subject=escalation.event_subject, kind=STEP, now=now)
    agenda.withdraw(subject=escalation.event_subject, now=now)
