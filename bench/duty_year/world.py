"""Who lives through the year: twelve engineers in three zones, two leads, two hundred customers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from accounts.models import Organization, User
from accounts.viewer import Viewer
from bench.duty_year.by_hand import ByHand, Days, Weeks
from tests import factories
from tickets.models import Ladder, LadderStep, Roster, Team

YEAR: Final = 2027
START: Final = dt.datetime(YEAR, 1, 1, tzinfo=dt.UTC)
LENGTH: Final = dt.timedelta(days=365)
SITES: Final = {
    "Asia/Shanghai": ("Li Wei", "Zhao Min", "Wang Fang", "Chen Jie"),
    "Europe/Berlin": ("Ana Souza", "Jonas Weber", "Eva Novak", "Omar Haddad"),
    "America/Los_Angeles": ("Maya Chen", "Luis Ortega", "Grace Kim", "Noah Brown"),
}
OPENS, CLOSES = dt.time(9), dt.time(17, 30)
PLANS: Final = (("standard", 110), ("premium", 60), ("enterprise", 30))
PATIENCE_SECONDS: Final = 180


@dataclass(frozen=True)
class Customer:
    organization: Organization
    viewer: Viewer


@dataclass(frozen=True)
class World:
    """`by_hand` knows, by plain calendar arithmetic, who is on duty for which roster."""

    team: Team
    engineers: list[User]
    viewers: dict[int, Viewer]
    manager: Viewer
    customers: list[Customer]
    rosters: list[Roster]
    by_hand: ByHand


def build() -> World:
    """Make everybody; to be called in the role of the engine, on an empty database."""
    factories.product()
    team = Team.objects.create(name="IM core", is_default=True)
    people: dict[str, list[User]] = {
        zone: [
            factories.engineer(name, level=f"L{1 + number % 3}", time_zone=zone)
            for number, name in enumerate(names)
        ]
        for zone, names in SITES.items()
    }
    engineers = [person for site in people.values() for person in site]
    leads = [
        factories.engineer(name, level="lead", is_manager=True) for name in ("Chen Yu", "Ines Roy")
    ]
    by_hand = ByHand()
    rosters = [_days(team, zone, site, by_hand) for zone, site in people.items()]
    rosters.append(_second(team, engineers[1::2], by_hand))
    ladder, _new = Ladder.objects.get_or_create(team=team, severity="")
    for position, roster in enumerate(rosters):
        LadderStep.objects.create(
            ladder=ladder,
            position=position,
            kind=LadderStep.Kind.ROSTER,
            roster=roster,
            patience_seconds=PATIENCE_SECONDS,
        )
    LadderStep.objects.create(
        ladder=ladder,
        position=len(rosters),
        kind=LadderStep.Kind.LEADS,
        patience_seconds=PATIENCE_SECONDS,
    )
    return World(
        team=team,
        engineers=engineers,
        viewers={person.pk: Viewer.of(person) for person in [*engineers, *leads]},
        manager=Viewer.of(leads[0]),
        customers=_customers(),
        rosters=rosters,
        by_hand=by_hand,
    )


def _days(team: Team, zone: str, people: list[User], by_hand: ByHand) -> Roster:
    """Office hours of one site, seven days a week, a person a day."""
    first = dt.date(YEAR - 1, 12, 28)
    roster = factories.roster(
        team,
        *people,
        name=zone,
        time_zone=zone,
        starts_on=first,
        hand_over_at=OPENS,
        unit="days",
        weekdays=frozenset(range(7)),
        opens=OPENS,
        closes=CLOSES,
    )
    keys = tuple(person.pk for person in people)
    by_hand.add(roster.pk, Days(keys, first, OPENS, CLOSES, ZoneInfo(zone)))
    return roster


def _second(team: Team, people: list[User], by_hand: ByHand) -> Roster:
    """Around the clock, a person a week: who is rung when a site is closed or silent."""
    first = dt.date(YEAR - 1, 12, 28)
    roster = factories.roster(
        team, *people, name="Second", starts_on=first, hand_over_at=dt.time(8), unit="weeks"
    )
    begins = dt.datetime.combine(first, dt.time(8), dt.UTC)
    by_hand.add(roster.pk, Weeks(tuple(person.pk for person in people), begins))
    return roster


def _customers() -> list[Customer]:
    customers = []
    for plan, count in PLANS:
        for _number in range(count):
            organization = factories.organization(plan=plan)
            customers.append(Customer(organization, Viewer.of(factories.member(organization))))
    return customers
