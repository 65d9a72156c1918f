"""Rosters as they are now, as JSON; everyone's shifts to come, as iCal."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from icalendar import Calendar, Event, vCalAddress

from accounts.models import User
from tickets import rosters
from tickets.models import Roster, Team
from tickets.oncall import definition, duty
from tickets.oncall.definition import RosterPlan
from tickets.roster_files import document

SHIFTS_AHEAD: Final = dt.timedelta(days=90)


def as_json() -> str:
    """Teams with the rosters that have not ended; members by their e-mail address."""
    addresses = dict(User.objects.filter(is_staff=True).values_list("pk", "email"))
    teams = list(duty.teams())
    plans = rosters.current_plans([roster for team in teams for roster in team.rosters.all()])
    return document.written([_team(team, plans, addresses) for team in teams])


def _team(team: Team, plans: dict[int, RosterPlan], addresses: dict[int, str]) -> dict[str, Any]:
    return {
        "name": team.name,
        "products": [product.key for product in team.products.all()],
        "duty_level": team.duty_level,
        "is_default": team.is_default,
        "rosters": [
            found
            for roster in team.rosters.all()
            if (found := roster_entry(roster, plans.get(roster.pk), addresses)) is not None
        ],
    }


def roster_entry(
    roster: Roster, plan: RosterPlan | None, addresses: dict[int, str]
) -> dict[str, Any] | None:
    """A roster as the document has it; None for one without layers, which nobody can import."""
    if plan is None or not plan.layers:
        return None
    made = definition.written(plan)
    for layer in made["layers"]:
        layer["members"] = [addresses.get(one["key"], one["name"]) for one in layer["members"]]
    minutes = {name: getattr(roster, name) for name in definition.MINUTES}
    return {"name": roster.name, **minutes, **made}


def as_ical(now: dt.datetime) -> bytes:
    """The final schedule of every roster for the next 90 days."""
    teams = list(duty.teams())
    all_rosters = {roster.pk: roster for team in teams for roster in team.rosters.all()}
    names = {roster.pk: team.name for team in teams for roster in team.rosters.all()}
    people = {person.pk: person for person in User.objects.filter(is_staff=True)}
    calendar = Calendar()
    calendar.add("prodid", "-//Vigil//Rosters//EN")
    calendar.add("version", "2.0")
    found = duty.shifts(all_rosters.values(), now, now + SHIFTS_AHEAD, known_at=now)
    for key, shifts in found.items():
        for shift in shifts:
            if isinstance(shift.member, int) and shift.member in people:
                calendar.add_component(
                    _event(names[key], all_rosters[key], people[shift.member], shift, now)
                )
    return bytes(calendar.to_ical())


def _event(team: str, roster: Roster, person: User, shift: Any, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"roster-{roster.pk}-{person.pk}-{shift.starts_at:%Y%m%dT%H%M%SZ}@vigil")
    event.add("summary", person.name)
    event.add("description", f"{team} · {roster.name}")
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = person.name
    event.add("attendee", attendee, encode=False)
    event.add("dtstart", shift.starts_at)
    event.add("dtend", shift.ends_at)
    event.add("dtstamp", now)
    return event
