"""Make the demo's customers, staff, products and rosters."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from accounts.access import Role
from accounts.models import (
    ContactMethod,
    Membership,
    Organization,
    PeakHours,
    StaffProfile,
    User,
)
from knowledge.models import Product
from portal.demo.rosters import make_roster
from tickets.models import Ladder, LadderStep, Roster, Skill, Team

FOLDER = Path(__file__).resolve().parent
LANGUAGES = {"zh": "zh-hans", "en": "en"}
STEP_KINDS = {
    "roster": LadderStep.Kind.ROSTER,
    "lead": LadderStep.Kind.LEADS,
    "contact": LadderStep.Kind.CONTACT,
    "manager": LadderStep.Kind.MANAGERS,
}
LAST_STEP_SECONDS = 180


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def make_staff(password: str) -> dict[str, User]:
    """The engineers by their key; everyone is rung by e-mail."""
    staff = {}
    for row in read("people.json"):
        person = login(row, password, is_staff=True)
        StaffProfile.objects.create(
            user=person,
            level=row["level"],
            is_manager=row["is_manager"],
            years=row["years"],
            title=row["title"],
            languages=row["languages"],
        )
        ContactMethod.objects.create(
            user=person, kind="email", address=person.email, verified_at=person.date_joined
        )
        staff[row["key"]] = person
    _more_ways_to_ring(next(iter(staff.values())))
    return staff


def _more_ways_to_ring(person: User) -> None:
    """One engineer with a second address after two minutes, and one that is not verified yet."""
    user, domain = person.email.split("@")
    ContactMethod.objects.create(
        user=person,
        kind="email",
        address=f"{user}.private@{domain}",
        position=1,
        delay_seconds=120,
        verified_at=person.date_joined,
    )
    ContactMethod.objects.create(
        user=person, kind="push", address="ntfys://push.vigil.example/duty", position=2
    )


def make_organizations(password: str, staff: dict[str, User]) -> dict[str, Organization]:
    """The customers by their slug, with their members."""
    people: dict[str, User] = {}
    organizations = {}
    for row in read("organizations.json"):
        organization = Organization.objects.create(
            name=row["name"],
            slug=row["slug"],
            key=row["key"],
            plan=row["plan"],
            scenario=row["scenario"],
            time_zone=row["time_zone"],
            peak_hours=row["peak_hours"],
            dedicated_contact=staff[row["contact"]],
        )
        for peak in row["peaks"]:
            PeakHours.objects.create(
                organization=organization,
                weekdays=peak["weekdays"],
                starts_at=dt.time.fromisoformat(peak["from"]),
                ends_at=dt.time.fromisoformat(peak["to"]),
            )
        organizations[organization.slug] = organization
        for entry in row["members"]:
            person = people.get(entry["email"]) or login(entry, password)
            people[person.email] = person
            Membership.objects.create(
                organization=organization, user=person, role=Role(entry["role"])
            )
    return organizations


def login(row: dict[str, Any], password: str, **fields: Any) -> User:
    from allauth.account.models import EmailAddress

    person = User.objects.create_user(
        row["email"],
        password,
        name=row["name"],
        language=LANGUAGES[row["language"] if "language" in row else row["languages"][0]]
        if not fields
        else "en",
        time_zone=row["time_zone"],
        **fields,
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_skills(staff: dict[str, User], products: dict[str, Product]) -> None:
    """What each engineer is qualified for; without platforms, all of the product's."""
    for row in read("people.json"):
        for key in row["products"]:
            Skill.objects.create(
                user=staff[row["key"]],
                product=products[key],
                platforms=row.get("platforms", {}).get(key, []),
            )


def make_products() -> dict[str, Product]:
    return {
        row["key"]: Product.objects.create(
            key=row["key"],
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            platforms=[platform["key"] for platform in row["platforms"]],
        )
        for row in read("products.json")
    }


def make_teams(staff: dict[str, User], products: dict[str, Product], now: dt.datetime) -> None:
    """Teams with rosters and ladders; `on_duty_at_load` has the turn that begins today."""
    for position, row in enumerate(read("teams.json")):
        team = Team.objects.create(
            name=row["name_en"],
            is_default=position == 0,
            duty_level=row.get("duty_level", "L1"),
        )
        team.products.set(products[key] for key in row["products"])
        rosters = {
            name: make_roster(team, name, roster, staff, now)
            for name, roster in row["rosters"].items()
        }
        for severity, ladder in row["ladders"].items():
            _ladder(team, "" if severity == "any" else severity, ladder, rosters)


def _ladder(team: Team, severity: str, row: dict[str, Any], rosters: dict[str, Roster]) -> None:
    ladder = Ladder.objects.create(team=team, severity=severity, rounds=row["rounds"])
    steps = row["steps"]
    waits = [step["after_seconds"] for step in steps[1:]] + [LAST_STEP_SECONDS]
    for number, (step, patience) in enumerate(zip(steps, waits, strict=True)):
        LadderStep.objects.create(
            ladder=ladder,
            position=number,
            kind=STEP_KINDS[step["kind"]],
            roster=rosters.get(step.get("roster", "")),
            patience_seconds=patience,
        )
