"""Hand a ticket to the next engineer: with a note, and accepted by who takes it.

Until somebody accepts, the one who goes stays responsible. No clock moves: to the customer a
change of shift is no reason to wait longer. What the engine does when a shift ends stands in
`tickets.shift_end`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import User
from accounts.viewer import SYSTEM, Viewer
from tickets import lifecycle, ownership, texts, transitions
from tickets.models import Handover, Ticket
from tickets.models.handover import State

ACCEPT: Final = "handover.accept"
TELL: Final = "handover.tell"
ACCEPT_MINUTES: Final = 10  # where no roster says how long


class News(StrEnum):
    """What somebody is told about a handover; the engine writes the mails."""

    NOTE_WANTED = "note"
    OFFERED = "offer"
    NO_NOTE = "no-note"
    ACCEPTED = "accepted"


@transaction.atomic
def write_note(*, handover: Handover, by: Viewer, note: str, now: dt.datetime) -> Handover:
    """What the next engineer must know, by the one who goes. Customers never see it."""
    access.require(by, "handover.write", handover.organization_id)
    ticket, handover = locked(handover)
    if by.user is None or by.user.pk != handover.from_person_id:
        raise PermissionDenied(_("Only the engineer who hands over writes this note."))
    require_standing(ticket, handover)
    handover.note, handover.written_at = texts.clean_body(note, field="note"), now
    handover.save(update_fields=["note", "written_at"])
    record(handover, "handover.noted", by=by, now=now)
    return handover


@transaction.atomic
def propose(*, ticket: Ticket, by: Viewer, to: User, note: str, now: dt.datetime) -> Handover:
    """Hand over at any time, to anybody of staff; it holds once they accept.

    An empty note keeps the one already written, if there is one.
    """
    ticket = lifecycle.locked(ticket)
    access.require(by, "handover.write", ticket.organization_id)
    transitions.next_state(ticket, "hand_over")
    owner = ticket.owner
    if owner is None:
        raise ValidationError(_("Nobody is responsible for this ticket: assign it instead."))
    if not (to.is_staff and to.is_active):
        raise ValidationError({"to": _("Only an engineer of ours can take a ticket over.")})
    if to == owner:
        raise ValidationError({"to": _("The ticket is theirs already.")})
    handover = open_for(ticket, now) or Handover(
        organization_id=ticket.organization_id,
        ticket=ticket,
        from_person=owner,
        from_name=owner.name,
        asked_at=now,
    )
    handover.by_hand = True
    if note.strip():
        handover.note, handover.written_at = texts.clean_body(note, field="note"), now
    offer(handover, to, now=now)
    record(handover, "handover.proposed", by=by, now=now)
    return handover


@transaction.atomic
def accept(*, handover: Handover, by: Viewer, now: dt.datetime) -> Handover:
    """Take the ticket over: `by` is responsible from now on, and its clocks run on.

    Of several who accept at once one is taken; the others read whose it was. Whoever rings
    about the ticket stops: somebody has it.
    """
    access.require(by, "handover.accept", handover.organization_id)
    if by.user is None:
        raise ValueError("Only a person accepts a handover.")
    ticket, handover = locked(handover)
    if handover.state == State.ACCEPTED:
        if handover.to_person_id == by.user.pk:
            return handover
        raise ValidationError(_("%(name)s was first.") % {"name": handover.to_name})
    require_standing(ticket, handover)
    if handover.state != State.PROPOSED:
        raise ValidationError(_("This is handed over when the shift ends, not before."))
    if by.user.pk == handover.from_person_id:
        raise ValidationError(_("The ticket is yours already."))
    ownership.hold(ticket, by.user, by=by, now=now)
    handover.to_person, handover.to_name = by.user, by.name
    handover.state, handover.accepted_at = State.ACCEPTED, now
    handover.save()
    agenda.strike(subject=handover.event_subject, kind=ACCEPT, now=now)
    agenda.withdraw(subject=handover.event_subject, now=now)
    agenda.schedule(
        kind="ladder.acknowledge",
        key=f"handed-over:{handover.pk}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
        person=by.user.pk,
    )
    tell(handover, News.ACCEPTED, now=now)
    record(handover, "ticket.handed_over", by=by, now=now, internal=False)
    return handover


def offer(handover: Handover, to: User | None, *, now: dt.datetime) -> None:
    """Propose the ticket to `to`, and look again when they should have accepted.

    Without anybody to propose it to, the ladder is rung at once. The caller holds the
    ticket's lock.
    """
    roster = handover.roster
    minutes = roster.accept_minutes if roster else ACCEPT_MINUTES
    handover.to_person, handover.to_name = to, to.name if to else ""
    handover.state, handover.proposed_at = State.PROPOSED, now
    handover.accept_by = now + dt.timedelta(minutes=minutes if to else 0)
    handover.paged_at = handover.escalated_at = None
    handover.save()
    agenda.strike(subject=handover.event_subject, kind=ACCEPT, now=now)
    agenda.withdraw(subject=handover.event_subject, now=now)
    look_again(handover, now=now)
    if to is not None:
        tell(handover, News.OFFERED, now=now)
    if not handover.note:
        tell(handover, News.NO_NOTE, now=now)


def look_again(handover: Handover, *, now: dt.datetime) -> None:
    """Have the engine see at `accept_by` whether somebody has accepted."""
    agenda.schedule(
        kind=ACCEPT,
        key=f"{ACCEPT}:{handover.pk}:{uuid.uuid4()}",
        due_at=handover.accept_by or now,
        subject=handover.event_subject,
        organization_id=handover.organization_id,
        handover=handover.pk,
    )


def tell(handover: Handover, news: News, *, now: dt.datetime) -> None:
    """Have the engine mail those concerned."""
    agenda.schedule(
        kind=TELL,
        key=f"{TELL}:{handover.pk}:{news}:{now.isoformat()}",
        due_at=now,
        subject=handover.event_subject,
        organization_id=handover.organization_id,
        handover=handover.pk,
        news=str(news),
    )


def locked(handover: Handover) -> tuple[Ticket, Handover]:
    """The ticket and the handover as they are now, locked in this order."""
    ticket = lifecycle.locked(handover.ticket)
    found = Handover.objects.select_for_update(of=("self",)).select_related("roster")
    return ticket, found.get(pk=handover.pk)


def go_on_in(kept: Ticket, handover: Handover, *, now: dt.datetime) -> None:
    """Its ticket became part of `kept`: that is what is handed over now, if it is theirs.

    The caller holds the locks of both tickets.
    """
    if kept.owner_id != handover.from_person_id or open_for(kept, now) is not None:
        end(handover, now=now)
        return
    handover.ticket = kept
    handover.save(update_fields=["ticket"])
    if handover.is_proposed:
        agenda.strike(subject=handover.event_subject, kind=ACCEPT, now=now)
        look_again(handover, now=now)


def open_for(ticket: Ticket, now: dt.datetime) -> Handover | None:
    """The handover of a locked ticket that stands; one that has become moot is ended."""
    found = (
        Handover.objects.select_for_update(of=("self",))
        .select_related("roster")
        .filter(ticket=ticket, state__in=[State.NOTE_ASKED, State.PROPOSED])
        .first()
    )
    if found is None or stands(ticket, found):
        return found
    end(found, now=now)
    return None


def stands(ticket: Ticket, handover: Handover) -> bool:
    """As `Handover.objects.standing()`, for rows that are locked and at hand."""
    return (
        handover.state in (State.NOTE_ASKED, State.PROPOSED)
        and ticket.is_unsolved
        and ticket.owner_id == handover.from_person_id
        and (handover.by_hand or ticket.severity == "urgent")
    )


def require_standing(ticket: Ticket, handover: Handover) -> None:
    if not stands(ticket, handover):
        raise ValidationError(_("There is nothing to hand over any more."))


def end(handover: Handover, *, now: dt.datetime) -> None:
    """It became moot: solved, downgraded, or somebody else's by now."""
    handover.state, handover.ended_at = State.ENDED, now
    handover.save(update_fields=["state", "ended_at"])
    agenda.strike(subject=handover.event_subject, kind=ACCEPT, now=now)
    agenda.withdraw(subject=handover.event_subject, now=now)
    record(handover, "handover.ended", by=SYSTEM, now=now)


def record(
    handover: Handover, verb: str, *, by: Viewer, now: dt.datetime, internal: bool = True
) -> None:
    events.record(
        verb=verb,
        subject=f"ticket/{handover.ticket_id}",
        by=by,
        at=now,
        organization_id=handover.organization_id,
        internal=internal,
        handover=handover.pk,
        before=handover.from_name,
        after=handover.to_name,
    )
