"""What the engine does about urgent tickets when a shift ends.

Some minutes before, whoever goes off duty is asked for notes; at the change each of their
urgent tickets is proposed to who comes on; and where nobody accepts, that person is paged and
then the ladder rings. Each step looks at the ticket anew, under its lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.viewer import SYSTEM
from tickets import escalation, lifecycle
from tickets.handover import ACCEPT_MINUTES, News, end, look_again, offer, open_for, record, tell
from tickets.models import Escalation, Handover, Roster, Ticket
from tickets.models.handover import State
from tickets.models.ticket import UNSOLVED, Severity
from tickets.oncall import incoming, shift_changes
from tickets.oncall.calling import call
from tickets.oncall.changes import Change


@transaction.atomic
def ask_for_notes(roster: Roster, change: Change, now: dt.datetime) -> None:
    """Ask whoever goes off duty at the change for a note on each of their urgent tickets."""
    leaving = _off_duty(change, change.at, now)
    for ticket in _urgent(Q(owner__in=leaving)):
        ticket = lifecycle.locked(ticket)
        if not _to_hand_over(ticket, leaving) or open_for(ticket, now) is not None:
            continue
        handover = _new(ticket, roster, change, State.NOTE_ASKED, now)
        handover.save()
        record(handover, "handover.asked", by=SYSTEM, now=now)
        tell(handover, News.NOTE_WANTED, now=now)


@transaction.atomic
def propose_all(roster: Roster, change: Change, now: dt.datetime) -> None:
    """Propose the urgent tickets of whoever went off duty to who is on by now.

    So is what had been proposed to somebody who went without having accepted it.
    """
    gone = _off_duty(change, now, now)
    waiting = Q(handovers__state=State.PROPOSED, handovers__to_person__in=gone)
    for ticket in _urgent(Q(owner__in=gone) | waiting):
        ticket = lifecycle.locked(ticket)
        handover = open_for(ticket, now)
        if handover is None:
            if not _to_hand_over(ticket, gone):
                continue
            handover = _new(ticket, roster, change, State.PROPOSED, now)
        elif handover.is_proposed and handover.to_person_id not in gone:
            continue
        handover.roster, handover.changes_at = roster, change.at
        to = incoming.who_takes(ticket, roster, change, but=handover.from_person_id, now=now)
        offer(handover, to, now=now)
        record(handover, "handover.proposed", by=SYSTEM, now=now)


@transaction.atomic
def not_accepted(*, handover_id: int, now: dt.datetime) -> None:
    """Nobody accepted in time: page the one it is proposed to, then ring the ladder.

    After that it is looked at now and then until it has come about or become moot. What was
    handed over by hand and is not urgent wakes nobody.
    """
    found = Handover.objects.select_related("ticket").filter(pk=handover_id).first()
    if found is None:
        return
    ticket = lifecycle.locked(found.ticket)
    handover = open_for(ticket, now)
    if handover is None or handover.pk != found.pk or not handover.is_proposed:
        return
    if ticket.severity != Severity.URGENT:
        return
    if _taken_by_ladder(handover):
        end(handover, now=now)
        return
    if handover.to_person_id is not None and handover.paged_at is None:
        handover.paged_at = now
        _page(ticket, handover, now)
        record(handover, "handover.paged", by=SYSTEM, now=now)
    elif handover.escalated_at is None:
        handover.escalated_at = now
        escalation.start(ticket=ticket, reason=Escalation.Reason.HANDOVER, now=now)
        record(handover, "handover.escalated", by=SYSTEM, now=now)
    minutes = handover.roster.accept_minutes if handover.roster else ACCEPT_MINUTES
    handover.accept_by = now + dt.timedelta(minutes=minutes)
    handover.save(update_fields=["accept_by", "paged_at", "escalated_at"])
    look_again(handover, now=now)


def _off_duty(change: Change, at: dt.datetime, now: dt.datetime) -> set[int]:
    """Those who end at the change and have no other shift then."""
    return {int(str(pk)) for pk in change.going} - shift_changes.on_duty_anywhere(at, now)


def _urgent(which: Q) -> Iterable[Ticket]:
    """Urgent unsolved tickets, always in the same order, in which they are locked."""
    found = Ticket.objects.filter(which, severity=Severity.URGENT, state__in=UNSOLVED)
    return found.distinct().order_by("pk")


def _to_hand_over(ticket: Ticket, leaving: set[int]) -> bool:
    """Whether the ticket, now that it is locked, still is one of those to hand over."""
    return ticket.is_unsolved and ticket.severity == Severity.URGENT and ticket.owner_id in leaving


def _new(
    ticket: Ticket, roster: Roster, change: Change, state: State, now: dt.datetime
) -> Handover:
    owner = User.objects.get(owned_tickets=ticket)
    return Handover(
        organization_id=ticket.organization_id,
        ticket=ticket,
        roster=roster,
        from_person=owner,
        from_name=owner.name,
        changes_at=change.at,
        state=state,
        asked_at=now,
    )


def _taken_by_ladder(handover: Handover) -> bool:
    """Whether somebody acknowledged the ladder that rang for it, be it who hands over."""
    return (
        handover.escalated_at is not None
        and Escalation.objects.filter(
            ticket=handover.ticket_id,
            state=Escalation.State.ACKNOWLEDGED,
            acknowledged_at__gte=handover.escalated_at,
        ).exists()
    )


def _page(ticket: Ticket, handover: Handover, now: dt.datetime) -> None:
    def words() -> tuple[str, str]:
        title = _("%(ticket)s · Handover waits for you") % {"ticket": ticket.reference}
        return title, _("%(name)s went off duty; please accept “%(subject)s”.") % {
            "name": handover.from_name,
            "subject": ticket.subject,
        }

    call(
        User.objects.filter(pk=handover.to_person_id or 0, is_active=True),
        words,
        key=f"handover:{handover.pk}:{now.isoformat()}",
        subject=handover.event_subject,
        payload={"handover": handover.pk, "person": handover.to_person_id},
        now=now,
        organization_id=handover.organization_id,
    )
