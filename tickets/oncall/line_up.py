"""Whom each step of a ladder rings at a moment, and why a step rings nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from accounts.models import User
from accounts.models.staff_profile import Level
from tickets.models import LadderStep, Roster, Team
from tickets.oncall import duty
from tickets.oncall.qualification import Need, Skills, qualifies, rank
from tickets.oncall.skills import skills_of

Kind = LadderStep.Kind
ANYBODY = Need()


class Why(StrEnum):
    """Why a step rings nobody; or, with people, that none of them is qualified."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    LEFT = "left"
    NO_CONTACT = "no_contact"
    NO_LEADS = "no_leads"
    NO_MANAGERS = "no_managers"
    NOBODY_QUALIFIED = "nobody_qualified"
    RUNG_BEFORE = "rung_before"


@dataclass(frozen=True, slots=True)
class LineUp:
    """One step's people. `about` names the roster or person meant, else it is empty."""

    people: tuple[User, ...]
    kind: str
    about: str
    why: Why | None = None


@dataclass
class Staff:
    """Everyone active of staff and, when it is asked for, what they know: four queries."""

    people: dict[int, User] = field(default_factory=dict)
    _skills: dict[int, Skills] | None = None

    @classmethod
    def read(cls) -> Staff:
        rows = User.names.filter(is_staff=True, is_active=True).order_by("pk")
        return cls({person.pk: person for person in rows.prefetch_related("staff_profile")})

    def among(self, keys: Iterable[int]) -> list[User]:
        """Those of them who still work here."""
        return [self.people[key] for key in keys if key in self.people]

    def leads(self, team: Team | None) -> list[User]:
        """The leads who know one of the team's products; if there is none, every lead."""
        found = [one for one in self.people.values() if level_of(one) == Level.LEAD]
        if team is None:
            return found
        return duty.knowing_a_product(found, team, lambda one: one.staff_profile.products)

    def managers(self) -> list[User]:
        found = self.people.values()
        return [one for one in found if getattr(one, "staff_profile", None) and _manages(one)]

    def qualified(self, people: list[User], need: Need) -> list[User]:
        """Those of them who qualify."""
        if need == ANYBODY or not people:
            return people
        if self._skills is None:
            self._skills = skills_of(self.people)
        return [one for one in people if qualifies(self._skills.get(one.pk, Skills()), need)]


class OnDuty:
    """Who is on duty for some rosters over a span, by what is known at its start: read once."""

    def __init__(self, rosters: Iterable[Roster], a: dt.datetime, b: dt.datetime) -> None:
        rows = list(rosters)
        self._shifts = duty.shifts(rows, a, b, known_at=a) if rows else {}

    def at(self, roster_id: int | None, at: dt.datetime) -> list[int]:
        """The keys of everyone on duty for a roster at an instant of the span."""
        found = self._shifts.get(roster_id or 0, [])
        keys = [int(str(one.member)) for one in found if one.starts_at <= at < one.ends_at]
        return list(dict.fromkeys(keys))


def line_up(
    step: LadderStep,
    team: Team,
    staff: Staff,
    on_duty: OnDuty,
    *,
    at: dt.datetime,
    need: Need,
    contact: User | None,
) -> LineUp:
    """Whom `step` rings at `at`, of a roster those who meet `need`; if nobody does, all."""
    kind, about = Kind(step.kind), ""
    if kind == Kind.LEADS:
        return _known(staff.leads(team), kind, Why.NO_LEADS)
    if kind == Kind.MANAGERS:
        return _known(staff.managers(), kind, Why.NO_MANAGERS)
    if kind == Kind.ROSTER:
        about = step.roster.name if step.roster else ""
        return choose(on_duty.at(step.roster_id, at), staff, need, kind=kind, about=about)
    meant = contact if kind == Kind.CONTACT else step.person
    if meant is None:
        return LineUp((), kind, "", Why.NO_CONTACT)
    here = tuple(staff.among([meant.pk]))
    return LineUp(here, kind, meant.name, None if here else Why.LEFT)


def choose(keys: list[int], staff: Staff, need: Need, *, kind: str, about: str) -> LineUp:
    """Of people on duty those who qualify; when none does, all: a human answer comes first."""
    here = staff.among(keys)
    if not here:
        return LineUp((), kind, about, Why.LEFT if keys else Why.NOBODY_ON_DUTY)
    fit = staff.qualified(here, need)
    if fit:
        return LineUp(tuple(fit), kind, about)
    return LineUp(tuple(here), kind, about, Why.NOBODY_QUALIFIED)


def not_again(line: LineUp, before: LineUp | None) -> LineUp:
    """The step without those the step `before` it rings: nobody is rung twice in a row.

    One that rings nobody else is passed over, and the next in line has their chance sooner.
    """
    rung = {one.pk for one in before.people} if before else set()
    others = tuple(one for one in line.people if one.pk not in rung)
    if line.people and not others:
        return replace(line, people=(), why=Why.RUNG_BEFORE)
    return replace(line, people=others)


def at_least(people: Iterable[User], level: str) -> list[User]:
    """Those of that level or above."""
    return [one for one in people if rank(level_of(one)) >= rank(level)]


def level_of(person: User) -> str:
    profile = getattr(person, "staff_profile", None)
    return str(profile.level) if profile else ""


def _known(people: list[User], kind: Kind, why: Why) -> LineUp:
    return LineUp(tuple(people), kind, "", None if people else why)


def _manages(person: User) -> bool:
    return bool(person.staff_profile.is_manager)
