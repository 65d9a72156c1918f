"""The coverage forecast from what is stored: a fixed number of queries, then pure arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from accounts.models import Membership, Organization, User
from accounts.time_zones import zone_or_utc
from knowledge.models import Product
from tickets.models import LadderStep, Team, Ticket
from tickets.oncall import duty
from tickets.oncall.coverage import Coverage, Demand, Duty, cover
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.hour_grid import Hour, hours_of, today
from tickets.oncall.loads import Load, loads
from tickets.oncall.peaks import PLAN_WEIGHTS, Customer, PeakHour, peak_hours, peak_periods
from tickets.oncall.qualification import Need, spoken
from tickets.oncall.skills import skills_of
from tickets.periods import Period

DAYS: Final = 14
# A product counts as a customer's when one of their last tickets was about it.
TICKETS_SEEN: Final = 50
# What may be asked of whoever is on duty; a lead can do all an L3 can, so L3 is the last.
ASKED_LEVELS: Final = ("L1", "L2", "L3")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    level: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Line:
    """One product in one language at one level; `wanted` if somebody of it is to be on duty.

    That is the team's duty level, and every level a step of its ladders asks of a roster.

    `team` takes the product's tickets; without any, nobody is on duty for it.
    """

    product: Product
    team: Team | None
    wanted: bool
    coverage: Coverage

    @property
    def need(self) -> Need:
        return self.coverage.demand.need


@dataclass(frozen=True)
class Forecast:
    """Fourteen days from the midnight before `now`, by the wall of `zone`."""

    now: dt.datetime
    zone: ZoneInfo
    hours: tuple[Hour, ...]
    lines: list[Line]
    duties: list[Duty]
    people: dict[int, Person]
    customers: list[Customer]
    roster_teams: dict[int, Team]

    @property
    def window(self) -> Period:
        return self.hours[0].starts_at, self.hours[-1].ends_at

    @property
    def wanted(self) -> list[Line]:
        """What each team is to have on duty at all hours."""
        return [line for line in self.lines if line.wanted]

    @cached_property
    def loads(self) -> list[Load]:
        zones = {pk: person.zone for pk, person in self.people.items()}
        return loads(self.duties, zones, self.window)

    @property
    def impossible(self) -> list[Load]:
        return [load for load in self.loads if load.strains]

    def peaks(self, lines: Sequence[Line]) -> list[PeakHour]:
        """Every hour's customers at their peak, against these lines."""
        return peak_hours(self.customers, [line.coverage for line in lines], self.hours)

    def gaps(self, line: Line) -> list[Period]:
        """When nobody is there, from now on."""
        return [(max(start, self.now), end) for start, end in line.coverage.gaps if end > self.now]


def forecast(now: dt.datetime, zone: ZoneInfo, *, days: int = DAYS) -> Forecast:
    """Read rosters, skills and customers, and reckon `days` days from today's midnight."""
    hours = hours_of(today(now, zone), days, zone)
    window = (hours[0].starts_at, hours[-1].ends_at)
    teams = list(duty.teams())
    duties = _duties(teams, window, now)
    people = _people()
    skills = skills_of(set(people) & {one.person for one in duties})
    duties = [one for one in duties if one.person in people]
    wanted = list(_wanted(teams))
    demands = [demand for *_rest, demand in wanted]
    found = cover(demands, duties, skills, hours)
    return Forecast(
        now=now,
        zone=zone,
        hours=hours,
        lines=[
            Line(product, team, is_wanted, coverage)
            for (product, team, is_wanted, _demand), coverage in zip(wanted, found, strict=True)
        ],
        duties=duties,
        people=people,
        customers=_customers(window),
        roster_teams={roster.pk: team for team in teams for roster in team.rosters.all()},
    )


def _duties(teams: Iterable[Team], window: Period, now: dt.datetime) -> list[Duty]:
    rosters = [roster for team in teams for roster in team.rosters.all()]
    shifts = duty.shifts(rosters, *window, known_at=now)
    return [
        Duty(shift.member, roster, shift.starts_at, shift.ends_at)
        for roster, theirs in shifts.items()
        for shift in theirs
        if isinstance(shift.member, int)
    ]


def _people() -> dict[int, Person]:
    """Everyone of staff who may log in; who left covers nothing, whatever roster says."""
    rows = User.objects.filter(is_staff=True, is_active=True).values_list(
        "pk", "name", "staff_profile__level", "time_zone"
    )
    return {pk: Person(name, level or "", zone_or_utc(zone)) for pk, name, level, zone in rows}


def languages() -> list[str]:
    """Those the desk answers in, which are those customers can choose."""
    return list(dict.fromkeys(spoken(code) for code, _name in settings.LANGUAGES))


def _asked_by_ladders() -> dict[int, set[str]]:
    """The levels the steps of each team's ladders ask of rosters, by the team's key."""
    steps = LadderStep.objects.filter(kind=LadderStep.Kind.ROSTER).exclude(level="").order_by()
    found: dict[int, set[str]] = {}
    for team, level in steps.values_list("ladder__team", "level").distinct():
        found.setdefault(team, set()).add(level)
    return found


def _wanted(teams: Sequence[Team]) -> Iterable[tuple[Product, Team | None, bool, Demand]]:
    """Every product in every language at every level, with the team that takes it."""
    default = next((team for team in teams if team.is_default), None)
    takes = {product.pk: team for team in reversed(teams) for product in team.products.all()}
    asked = _asked_by_ladders()
    for product in Product.objects.all():
        team = takes.get(product.pk, default)
        rosters = frozenset(roster.pk for roster in team.rosters.all()) if team else frozenset()
        levels = {team.duty_level} | asked.get(team.pk, set()) if team else {ASKED_LEVELS[0]}
        for language in languages():
            for level in ASKED_LEVELS:
                need = Need(product.key, "", language, level)
                yield product, team, level in levels, Demand(need, rosters)


def _customers(window: Period) -> list[Customer]:
    """Customers with peaks in the window: three queries."""
    spoken_by: dict[int, set[str]] = {}
    members = Membership.objects.filter(user__is_active=True).order_by()
    for key, code in members.values_list("organization", "user__language").distinct():
        spoken_by.setdefault(key, set()).add(spoken(code))
    last = Ticket.objects.filter(organization=OuterRef("pk")).order_by("-number")
    products = ArraySubquery(last.values("product__key")[:TICKETS_SEEN])
    found = []
    customers = Organization.objects.prefetch_related("peaks_of_its_own")
    for organization in customers.annotate(products_seen=products):
        zone = zone_or_utc(organization.time_zone)
        hours = [
            DutyHours(frozenset(span.weekdays), span.starts_at, span.ends_at, zone)
            for span in organization.peaks
        ]
        peaks = peak_periods(hours, *window)
        if peaks:
            found.append(
                Customer(
                    key=organization.pk,
                    name=organization.name,
                    weight=PLAN_WEIGHTS.get(organization.plan, 1),
                    peaks=peaks,
                    products=frozenset(key for key in organization.products_seen if key),
                    languages=frozenset(spoken_by.get(organization.pk, ())),
                )
            )
    return found
