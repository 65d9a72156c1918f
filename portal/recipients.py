"""Whom an event concerns.

Customers are told by mail only while they belong to the organization and only at an address
they have proven to be theirs; whoever has left hears nothing more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from accounts.models import Event, Membership, User
from tickets.models import Follower, MailMute, Ticket
from tickets.oncall import duty, freezing
from tickets.oncall.ladder import next_index, step_at


@dataclass(frozen=True, slots=True)
class Case:
    """An event of a ticket, looked at `now`."""

    event: Event
    ticket: Ticket
    now: dt.datetime

    @property
    def by_staff(self) -> bool:
        """Whether our side did it; what happens by itself counts as ours."""
        return self.event.actor is None or self.event.actor.is_staff


def reporter(case: Case) -> list[User]:
    return reachable(case.ticket, [case.ticket.reporter_id])


def customers(case: Case) -> list[User]:
    """The reporter and the customer's followers."""
    followers = Follower.objects.filter(ticket=case.ticket).values_list("user_id", flat=True)
    return reachable(case.ticket, [case.ticket.reporter_id, *followers])


def responsible(case: Case) -> list[User]:
    """The owner; without one, whoever is on duty."""
    return _owner_of(case.ticket) or on_duty(case.ticket, case.now)


def owner(case: Case) -> list[User]:
    return _owner_of(case.ticket)


def other_side(case: Case) -> list[User]:
    """Those who did not do it: the customer's people, or the engineer responsible."""
    return customers(case) if case.by_staff else responsible(case)


def on_duty_unless_urgent(case: Case) -> list[User]:
    """About an urgent ticket they are rung anyway."""
    return [] if case.ticket.severity == "urgent" else on_duty(case.ticket, case.now)


def on_duty(ticket: Ticket, now: dt.datetime) -> list[User]:
    """The first on the ticket's ladder who are there; without any, the leads."""
    found = freezing.freeze(ticket, duty.team_for(ticket), now)
    first = step_at(found.ladder, next_index(found.ladder, -1) or 0) if found else None
    keys = [int(str(rung.person)) for rung in first.people] if first else []
    return list(User.objects.filter(pk__in=keys))


def owner_or_leads(ticket: Ticket) -> list[User]:
    return _owner_of(ticket) or duty.leads(duty.team_for(ticket))


def owner_and_leads(ticket: Ticket) -> list[User]:
    """Each once, the owner first."""
    people = [*_owner_of(ticket), *duty.leads(duty.team_for(ticket))]
    return list({person.pk: person for person in people}.values())


def reachable(ticket: Ticket, ids: list[int]) -> list[User]:
    """Of these people: active members of the ticket's organization with a verified address.

    Without those who muted it: they get no mail about it at all until they take that back.
    """
    members = Membership.objects.filter(organization=ticket.organization_id, user_id__in=ids)
    people = (
        User.objects.filter(pk__in=members.values("user_id"), is_active=True, is_staff=False)
        .exclude(pk__in=MailMute.objects.filter(ticket=ticket).values("user_id"))
        .order_by("pk")
    )
    verified = set(
        EmailAddress.objects.filter(user_id__in=ids, verified=True).values_list("user_id", "email")
    )
    return [person for person in people if (person.pk, person.email) in verified]


def _owner_of(ticket: Ticket) -> list[User]:
    if ticket.owner_id is None:
        return []
    return list(User.objects.filter(pk=ticket.owner_id, is_staff=True, is_active=True))
