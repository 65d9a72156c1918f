"""Bring teams and rosters to what a document says: told first, then applied as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import rosters
from tickets.models import Roster, Team
from tickets.oncall import definition
from tickets.oncall.definition import RosterPlan
from tickets.refusal import Refusal
from tickets.refusal_words import told
from tickets.roster_files import document
from tickets.roster_files.document import RosterEntry, TeamEntry
from tickets.roster_files.exporting import roster_entry


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of the report: what is done to what."""

    what: str
    name: str


def preview(text: str, *, by: Viewer, now: dt.datetime) -> list[Changed]:
    """What `apply` would change, found by applying it and taking it back."""
    with transaction.atomic():
        report = apply(text, by=by, now=now)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def apply(text: str, *, by: Viewer, now: dt.datetime) -> list[Changed]:
    """Make or edit what the document names; what it does not name stays as it is.

    All or nothing: ValidationError says what is wrong and where, and nothing was changed.
    """
    access.require(by, "roster.edit")
    try:
        entries = document.read(text)
    except Refusal as refusal:
        raise ValidationError(_worded(refusal)) from refusal
    report: list[Changed] = []
    people = _people(entries)
    if any(entry.is_default for entry in entries):
        # There is room for one only: whoever has it gives it up first.
        named = [entry.name for entry in entries if entry.is_default]
        Team.objects.filter(is_default=True).exclude(name__in=named).update(is_default=False)
    for entry in entries:
        team = _team(entry, report, by=by, now=now)
        for roster in entry.rosters:
            _roster(team, roster, people, report, by=by, now=now)
    return report


def _worded(refusal: Refusal) -> str:
    """In the reader's language: the sentence after the path is what the catalogue knows."""
    path, colon, sentence = refusal.sentence.partition("%(path)s: ")
    if not colon:
        return told(refusal)
    return f"{path}{colon}{translation.gettext(sentence)}" % refusal.values


def _people(entries: list[TeamEntry]) -> dict[str, User]:
    """Everyone named, by address; ValidationError for whom we do not know."""
    found = {person.email: person for person in User.objects.filter(is_staff=True, is_active=True)}
    for entry in entries:
        for roster in entry.rosters:
            for place, layer in enumerate(roster.layers):
                for address in layer["members"]:
                    if address not in found:
                        raise ValidationError(
                            _("%(path)s: nobody of the staff has the address %(address)s.")
                            % {"path": f"{roster.path}.layers[{place}]", "address": address}
                        )
    return found


def _team(entry: TeamEntry, report: list[Changed], *, by: Viewer, now: dt.datetime) -> Team:
    products = {one.key: one for one in Product.objects.filter(key__in=entry.products)}
    missing = [key for key in entry.products if key not in products]
    if missing:
        raise ValidationError(
            _("%(path)s.products: there is no product “%(key)s”.")
            % {"path": entry.path, "key": missing[0]}
        )
    team = Team.objects.filter(name=entry.name).first()
    wanted = {
        "duty_level": entry.duty_level,
        "is_default": entry.is_default,
    }
    changed = [name for name, value in wanted.items() if getattr(team, name, None) != value]
    keys = set(team.products.values_list("key", flat=True)) if team else set()
    if keys != set(products):
        changed.append("products")
    if team is not None and not changed:
        return team
    report.append(Changed(_("team changed") if team else _("team added"), entry.name))
    verb = "team.changed" if team else "team.added"
    team = team or Team(name=entry.name)
    for name, value in wanted.items():
        setattr(team, name, value)
    team.full_clean()
    team.save()
    team.products.set(products.values())
    events.record(
        verb=verb,
        subject=f"team/{team.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        fields=sorted(changed),
    )
    return team


def _roster(
    team: Team,
    entry: RosterEntry,
    people: dict[str, User],
    report: list[Changed],
    *,
    by: Viewer,
    now: dt.datetime,
) -> None:
    roster = Roster.objects.filter(team=team, name=entry.name).first()
    addresses = {person.pk: person.email for person in people.values()}
    if roster is not None:
        known = roster_entry(roster, rosters.current_plan(roster), addresses)
        if known == _as_written(entry):
            return
    name = f"{team.name} · {entry.name}"
    report.append(Changed(_("roster edited") if roster else _("roster added"), name))
    try:
        plan = _plan(entry, people)
        if roster is None:
            rosters.create(
                team=team, name=entry.name, plan=plan, minutes=entry.minutes, by=by, now=now
            )
        else:
            rosters.edit(
                roster=roster, name=entry.name, plan=plan, minutes=entry.minutes, by=by, now=now
            )
    except ValidationError as error:
        raise ValidationError(f"{entry.path}: {' '.join(error.messages)}") from error


def _as_written(entry: RosterEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        **entry.minutes,
        "time_zone": entry.time_zone,
        "layers": entry.layers,
    }


def _plan(entry: RosterEntry, people: dict[str, User]) -> RosterPlan:
    layers = [
        layer
        | {
            "members": [
                {"key": people[address].pk, "name": people[address].name}
                for address in layer["members"]
            ]
        }
        for layer in entry.layers
    ]
    return definition.read({"time_zone": entry.time_zone, "layers": layers})
