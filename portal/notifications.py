"""Which event is told to whom by mail: one table.

Only what is in the table is told, internal events never, and nobody is told what they did
themselves (but for the confirmation that a ticket has arrived). A mail is put down as a
delivery with the event's and the reader's key, so that nobody is told anything twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accounts.models import Event, User
from portal import chat_letters, letters, recipients, wanted_mails
from portal.recipients import Case
from tickets import joining, step_remarks
from tickets.models import Escalation, Promise, Ticket
from tickets.oncall import duty


@dataclass(frozen=True, slots=True)
class Notice:
    """`letter` is the template's name in templates/emails/."""

    letter: str
    to: Callable[[Case], list[User]]
    even_the_actor: bool = False


NOTICES: Final[dict[str, tuple[Notice, ...]]] = {
    # verb              letter        to whom
    "ticket.opened": (
        Notice("confirmation", recipients.reporter, even_the_actor=True),
        Notice("new_ticket", recipients.on_duty_unless_urgent),
    ),
    "ticket.replied": (Notice("reply", recipients.other_side),),
    "ticket.assigned": (Notice("assigned", recipients.owner),),
    "severity.changed": (Notice("severity", recipients.other_side),),
    "ticket.resolved": (Notice("state", recipients.other_side),),
    "ticket.closed": (Notice("state", recipients.other_side),),
    "ticket.reopened": (Notice("state", recipients.other_side),),
    "ticket.joined": (Notice("joined", recipients.customers),),
    "ticket.split": (Notice("joined", recipients.customers),),
    "ticket.date_agreed": (Notice("agreed_date", recipients.customers),),
    "ticket.date_ended": (Notice("agreed_date", recipients.customers),),
    "ticket.date_reached": (Notice("agreed_date", recipients.responsible),),
}


def announce(event: Event, *, now: dt.datetime) -> None:
    """Put down the mails about an event of a ticket; telling it twice changes nothing."""
    kind, _slash, number = event.subject.partition("/")
    if event.internal or kind != "ticket":
        return
    ticket = Ticket.objects.select_related("organization", "product").get(pk=int(number))
    if event.verb == "ticket.replied":
        ticket = joining.current(ticket)  # what was written has gone there
    case = Case(event=event, ticket=ticket, now=now)
    told: set[int] = set()
    for notice in NOTICES.get(event.verb, ()):
        people = chat_letters.hold(case, notice.to(case))
        for person in wanted_mails.those_who_want(notice.letter, case, people):
            is_actor = person.pk == event.actor_id
            if person.pk in told or (is_actor and not notice.even_the_actor):
                continue
            told.add(person.pk)
            letters.write(notice.letter, case, person, key=f"event:{event.pk}:{person.pk}")


def promise_broken(ticket: Ticket, promise: Promise, *, now: dt.datetime) -> None:
    """Tell whoever is responsible that a promise of a normal ticket was broken."""
    event = (
        Event.objects.about(ticket.event_subject)
        .filter(verb="promise.broken", data__promise=promise.pk)
        .latest("id")
    )
    case = Case(event=event, ticket=ticket, now=now)
    for person in recipients.owner_or_leads(ticket):
        letters.write(
            "promise_broken",
            case,
            person,
            key=f"event:{event.pk}:{person.pk}",
            promise=promise,
        )


def budget_spent(ticket: Ticket, event: Event, *, now: dt.datetime) -> None:
    """Tell the owner and the leads that a level has used its part of the time for a solution."""
    case = Case(event=event, ticket=ticket, now=now)
    for person in recipients.owner_and_leads(ticket):
        letters.write("budget_spent", case, person, key=f"event:{event.pk}:{person.pk}")


def ladder_has_gaps(ticket: Ticket, rung: Escalation, *, now: dt.datetime) -> None:
    """Tell the leads which steps of a ladder rang nobody, or nobody qualified."""
    events = list(
        Event.objects.about(ticket.event_subject).filter(
            organization=ticket.organization_id,
            verb__in=[step_remarks.EMPTY, step_remarks.UNQUALIFIED],
            data__escalation=rung.pk,
        )
    )
    case = Case(event=events[-1], ticket=ticket, now=now)
    for person in duty.leads(duty.team_for(ticket)):
        letters.write(
            "ladder_gaps",
            case,
            person,
            key=f"ladder-gaps:{rung.pk}:{person.pk}",
            gaps=[event.data for event in events],
        )


def promise_warned(ticket: Ticket, promise: Promise, event: Event, *, now: dt.datetime) -> None:
    """Tell the owner, or without one whoever is on duty, that a promise runs out soon.

    By mail only, also when it is urgent: ringing is the ladder's affair.
    """
    case = Case(event=event, ticket=ticket, now=now)
    for person in recipients.responsible(case):
        letters.write(
            "promise_warning",
            case,
            person,
            key=f"event:{event.pk}:{person.pk}",
            promise=promise,
            share=event.data["share"],
        )


def mail_bounced(ticket: Ticket, event: Event, *, now: dt.datetime) -> None:
    """Tell whoever is responsible that our mail to a customer came back."""
    case = Case(event=event, ticket=ticket, now=now)
    for person in recipients.responsible(case):
        letters.write(
            "bounced",
            case,
            person,
            key=f"event:{event.pk}:{person.pk}",
            address=event.data["address"],
            is_permanent=event.data["is_permanent"],
        )


def promise_in_danger(promise: Promise, verb: str, *, now: dt.datetime) -> None:
    """Tell the customer's people who asked for it that a promise to them runs out, or is broken.

    Once each, however often it is warned of. `verb` is that of the event; without one on the
    promise's ticket, as when the promise went to another, there is nothing to tell.
    """
    ticket = Ticket.objects.select_related("organization", "product").get(pk=promise.ticket_id)
    about = Event.objects.about(ticket.event_subject).filter(
        organization=ticket.organization_id, verb=verb, data__promise=promise.pk
    )
    event = about.order_by("pk").last()
    is_over = verb == "promise.warned" and (
        promise.state != Promise.State.RUNNING or promise.breached_at is not None
    )
    if event is None or is_over:
        return
    letter = "promise_broken" if verb == "promise.broken" else "promise_warning"
    case = Case(event=event, ticket=ticket, now=now)
    for person in wanted_mails.those_who_want(letter, case, recipients.customers(case)):
        key = f"{letter}:{promise.pk}:{person.pk}"
        letters.write(letter, case, person, key=key, promise=promise)
