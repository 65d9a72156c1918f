"""Who is on duty: rosters as stored, read through the pure rotation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

import structlog
from django.db.models import Prefetch, QuerySet

from accounts.models import StaffProfile, User
from tickets.models import Roster, RosterMember, Team, Ticket
from tickets.oncall import rotation as turns
from tickets.oncall.rotation import Rotation, Shift, Unit
from tickets.oncall.schedule import final_schedule

Person = TypeVar("Person")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person, on duty for one roster until `until` (UTC)."""

    person: User
    profile: StaffProfile | None
    team: Team
    roster: Roster
    until: dt.datetime


def teams() -> QuerySet[Team]:
    """All teams with rosters and members read in a fixed number of queries."""
    members = RosterMember.objects.order_by("position").prefetch_related("user__staff_profile")
    return Team.objects.prefetch_related(
        Prefetch("rosters", Roster.objects.order_by("id")),
        Prefetch("rosters__members", members),
        "products",
    )


def front_line() -> QuerySet[Team]:
    """All teams with their first roster only, for showing who answers now. Four queries."""
    known = (*User.PUBLIC_FIELDS, "staff_profile__level", "staff_profile__languages")
    people = Prefetch("user", User.names.select_related("staff_profile").only(*known))
    members = RosterMember.objects.order_by("position").prefetch_related(people)
    first = Roster.objects.order_by("team_id", "id").distinct("team_id")
    return Team.objects.prefetch_related(
        Prefetch("rosters", first), Prefetch("rosters__members", members)
    )


def team_for(ticket: Ticket) -> Team | None:
    """The team of the ticket's product; without one, the default team."""
    found = None
    if ticket.product_id is not None:
        found = teams().filter(products=ticket.product_id).first()
    return found or teams().filter(is_default=True).first()


def rotation_of(roster: Roster) -> Rotation | None:
    """The roster as a pure rotation of people; None while nobody is in it."""
    members = tuple(member.user for member in roster.members.all())
    if not members:
        return None
    zone = ZoneInfo(roster.time_zone)
    return Rotation(
        members=members,
        starts_at=dt.datetime.combine(roster.starts_on, roster.hand_over_at, zone),
        length=roster.length,
        unit=Unit(roster.unit),
        zone=zone,
    )


def on_duty_for(roster: Roster, at: dt.datetime) -> tuple[User, dt.datetime] | None:
    """Who is on duty at `at`, and until when; None when nobody is.

    A roster that cannot be reckoned with (a zone this machine does not know, a date beyond the
    calendar) has nobody on duty: the ladder's next step is rung, and the log says why.
    """
    try:
        rotation = rotation_of(roster)
        shift = turns.on_duty(rotation, at) if rotation else None
    except (ValueError, OverflowError, KeyError):
        log.exception("a roster cannot be reckoned with", roster=str(roster.pk))
        return None
    return (cast(User, shift.member), shift.ends_at) if shift else None


def shifts(
    rosters: Iterable[Roster], a: dt.datetime, b: dt.datetime, *, known_at: dt.datetime
) -> dict[int, list[Shift]]:
    """Everyone's duty in [a, b) by the roster's key; a shift's member is a user's key.

    The past answers from what was recorded by then, the future from what is known at `known_at`.
    A roster that cannot be reckoned with has no shifts, and the log says why.
    """
    return {roster.pk: _shifts_of(roster, a, b) for roster in rosters}


def _shifts_of(roster: Roster, a: dt.datetime, b: dt.datetime) -> list[Shift]:
    try:
        rotation = rotation_of(roster)
        found = final_schedule(rotation, [], a, b) if rotation else []
    except (ValueError, OverflowError, KeyError):
        log.exception("a roster cannot be reckoned with", roster=str(roster.pk))
        return []
    return [Shift(cast(User, shift.member).pk, shift.starts_at, shift.ends_at) for shift in found]


def on_duty(roster: Roster, at: dt.datetime) -> list[User]:
    """Everyone of the active staff on duty for the roster at `at`, by what was recorded then."""
    moment = at + dt.timedelta(microseconds=1)
    keys = [shift.member for shift in shifts([roster], at, moment, known_at=at)[roster.pk]]
    people = User.names.filter(pk__in=keys, is_active=True, is_staff=True)
    found = {person.pk: person for person in people.prefetch_related("staff_profile")}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def now_on_duty(at: dt.datetime, among: Iterable[Team] | None = None) -> list[OnDuty]:
    """Everybody on duty at `at`, first rosters first."""
    found = []
    for team in teams() if among is None else among:
        for roster in team.rosters.all():
            shift = on_duty_for(roster, at)
            if shift is not None:
                person, until = shift
                profile = getattr(person, "staff_profile", None)
                found.append(OnDuty(person, profile, team, roster, until))
    return found


def leads(team: Team | None) -> list[User]:
    """The leads who know one of the team's products; if there is none, every lead."""
    people = list(
        User.names.filter(is_staff=True, is_active=True, staff_profile__level="lead")
        .prefetch_related("staff_profile")
        .order_by("id")
    )
    if team is None:
        return people
    return knowing_a_product(people, team, lambda person: person.staff_profile.products)


def knowing_a_product(
    people: list[Person], team: Team, products_of: Callable[[Person], Iterable[str]]
) -> list[Person]:
    """Those who know one of the team's products; all of them when nobody does."""
    keys = {product.key for product in team.products.all()}
    return [person for person in people if keys & set(products_of(person))] or people
