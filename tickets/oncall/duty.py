"""Who is on duty: the record of the rosters, read through the pure history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from django.db.models import Prefetch, QuerySet

from accounts.models import StaffProfile, User
from tickets.models import Roster, Team, Ticket
from tickets.oncall import history
from tickets.oncall.history import History
from tickets.oncall.record import histories
from tickets.oncall.rotation import Shift

Person = TypeVar("Person")

log = structlog.get_logger(__name__)

INSTANT: Final = dt.timedelta(microseconds=1)
# How far ahead the end of a shift is looked for; one that ends later has no end worth telling.
AHEAD: Final = dt.timedelta(days=35)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person, on duty for one roster until `until` (UTC); None is for weeks to come."""

    person: User
    profile: StaffProfile | None
    team: Team
    roster: Roster
    until: dt.datetime | None


def teams() -> QuerySet[Team]:
    """All teams with the rosters that have not ended, in a fixed number of queries."""
    rosters = Roster.objects.filter(ended_at=None).order_by("id")
    return Team.objects.prefetch_related(Prefetch("rosters", rosters), "products")


def front_line() -> QuerySet[Team]:
    """All teams with their first roster only, for showing who answers now. Two queries."""
    first = Roster.objects.filter(ended_at=None).order_by("team_id", "id").distinct("team_id")
    return Team.objects.prefetch_related(Prefetch("rosters", first))


def team_for(ticket: Ticket) -> Team | None:
    """The team of the ticket's product; without one, the default team."""
    found = None
    if ticket.product_id is not None:
        found = teams().filter(products=ticket.product_id).first()
    return found or teams().filter(is_default=True).first()


def shifts(
    rosters: Iterable[Roster], a: dt.datetime, b: dt.datetime, *, known_at: dt.datetime
) -> dict[int, list[Shift]]:
    """Everyone's duty in [a, b) by the roster's key; a shift's member is a user's key.

    The past answers from what was recorded by then, the future from what is known at `known_at`.
    A roster that cannot be reckoned with (a zone this machine does not know, a date beyond the
    calendar) has no shifts: whoever pages goes on to the next step, and the log says why.
    Two queries.
    """
    asked = list(rosters)
    read = histories(asked, a, b, known_at=known_at)
    return {roster.pk: reckoned(roster.pk, read.get(roster.pk), a, b, known_at) for roster in asked}


def reckoned(
    key: int, record: History | None, a: dt.datetime, b: dt.datetime, known_at: dt.datetime
) -> list[Shift]:
    """The shifts of one roster; none if it cannot be reckoned with."""
    try:
        return history.final(record, a, b, known_at=known_at) if record else []
    except (ValueError, OverflowError, KeyError):
        log.exception("a roster cannot be reckoned with", roster=str(key))
        return []


def on_duty(roster: Roster, at: dt.datetime) -> list[User]:
    """Everyone of the active staff on duty for the roster at `at`, by what was recorded then."""
    turns = shifts([roster], at, at + INSTANT, known_at=at)[roster.pk]
    keys = [shift.member for shift in turns if isinstance(shift.member, int)]
    people = User.names.filter(pk__in=keys, is_active=True, is_staff=True)
    found = {person.pk: person for person in people.prefetch_related("staff_profile")}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def now_on_duty(at: dt.datetime, among: Iterable[Team] | None = None) -> list[OnDuty]:
    """Everybody on duty at `at`, first rosters first. Three queries and those for the teams.

    It reads what the role of customers may read: names and levels.
    """
    here = [
        (team, roster)
        for team in (teams() if among is None else among)
        for roster in team.rosters.all()
    ]
    turns = until(histories([roster for _team, roster in here], at, at + AHEAD, known_at=at), at)
    keys = {key for ends in turns.values() for key in ends}
    known = (*User.PUBLIC_FIELDS, "staff_profile__level", "staff_profile__languages")
    found = User.names.filter(pk__in=keys, is_staff=True)
    people = {one.pk: one for one in found.select_related("staff_profile").only(*known)}
    return [
        OnDuty(people[key], getattr(people[key], "staff_profile", None), team, roster, end)
        for team, roster in here
        for key, end in turns.get(roster.pk, {}).items()
        if key in people
    ]


def until(read: dict[int, History], at: dt.datetime) -> dict[int, dict[int, dt.datetime | None]]:
    """Who is on duty at `at` and until when, by roster and person; None is for weeks to come."""
    return {
        key: {member: _end(key, record, member, at) for member in _members_at(key, record, at)}
        for key, record in read.items()
    }


def _members_at(key: int, record: History, at: dt.datetime) -> list[int]:
    found = reckoned(key, record, at, at + INSTANT, at)
    return [member for member in (shift.member for shift in found) if isinstance(member, int)]


def _end(key: int, record: History, member: int, at: dt.datetime) -> dt.datetime | None:
    """The end of the shift under way, looked for in ever longer stretches."""
    for stretch in (dt.timedelta(days=1), dt.timedelta(days=8), AHEAD):
        for shift in reckoned(key, record, at, at + stretch, at):
            if shift.member == member and shift.starts_at <= at:
                if shift.ends_at < at + stretch:
                    return shift.ends_at
                break
    return None


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
