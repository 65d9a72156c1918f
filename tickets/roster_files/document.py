"""Teams and rosters as a JSON document, and back. Pure.

    {"format": "vigil-rosters", "version": 1, "teams": [{"name": "IM core", "products": ["im"],
     "duty_level": "L1", "is_default": true, "rosters": [{"name": "Primary",
     "time_zone": "Asia/Shanghai", "drill_minutes": 15, "confirm_minutes": 10,
     "note_minutes": 15, "accept_minutes": 10, "layers": [{"name": "Days", "members":
     ["li@vigil.example"], "length": 1, "unit": "weeks", "starts_on": "2026-01-05",
     "hand_over_at": "08:00:00", "weekdays": null, "from": null, "until": null}]}]}]}

Members are named by their e-mail address. Ladders are not part of it: they name people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from tickets.oncall.definition import MINUTES
from tickets.oncall.rotation import Unit
from tickets.refusal import Refusal, gettext_noop
from tickets.roster_files.reading import At

FORMAT: Final = "vigil-rosters"
VERSION: Final = 1
LEVELS: Final = ("L1", "L2", "L3")
_LAYER: Final = (
    *("name", "members", "length", "unit", "starts_on", "hand_over_at"),
    *("weekdays", "from", "until"),
)


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A roster of the file; `layers` as in the document, checked; `path` is where it stands."""

    name: str
    time_zone: str
    minutes: dict[str, int]
    layers: list[dict[str, Any]]
    path: str

    def members(self) -> list[str]:
        return [address for layer in self.layers for address in layer["members"]]


@dataclass(frozen=True, slots=True)
class TeamEntry:
    name: str
    products: list[str]
    duty_level: str
    is_default: bool
    rosters: list[RosterEntry]
    path: str


def written(teams: list[dict[str, Any]]) -> str:
    """The document as text."""
    whole = {"format": FORMAT, "version": VERSION, "teams": teams}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> list[TeamEntry]:
    """What the text says; Refusal names the line or the path of what is wrong."""
    try:
        whole = At(json.loads(text))
    except json.JSONDecodeError as error:
        sentence = gettext_noop("Line %(line)d, column %(column)d: this is not JSON.")
        raise Refusal(sentence, line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError):  # nested without end, or a number of 5,000 digits
        raise Refusal(gettext_noop("This is not a file of rosters.")) from None
    whole.only("format", "version", "teams")
    whole.field("format").one_of(FORMAT)
    whole.field("version").number(VERSION, VERSION)
    teams = [_team(team) for team in whole.field("teams").items()]
    _refuse_doubles(whole.field("teams"), [team.name for team in teams])
    if sum(team.is_default for team in teams) > 1:
        raise whole.field("teams").wrong(gettext_noop("only one team takes the rest."))
    return teams


def _team(at: At) -> TeamEntry:
    at.only("name", "products", "duty_level", "is_default", "rosters")
    rosters = [_roster(roster) for roster in at.field("rosters").items()]
    _refuse_doubles(at.field("rosters"), [roster.name for roster in rosters])
    return TeamEntry(
        name=at.field("name").text(60),
        products=[product.text(20) for product in at.field("products").items()],
        duty_level=at.field("duty_level").one_of(*LEVELS),
        is_default=at.field("is_default").flag(),
        rosters=rosters,
        path=at.path,
    )


def _roster(at: At) -> RosterEntry:
    at.only("name", "time_zone", "layers", *MINUTES)
    layers = [_layer(layer) for layer in at.field("layers").items()]
    if not layers:
        raise at.field("layers").wrong(gettext_noop("a roster needs at least one layer."))
    return RosterEntry(
        name=at.field("name").text(40),
        time_zone=at.field("time_zone").text(40),
        minutes={name: at.field(name).number(0, 240) for name in MINUTES},
        layers=layers,
        path=at.path,
    )


def _layer(at: At) -> dict[str, Any]:
    """As `tickets.oncall.definition` writes a layer, but with addresses for members."""
    at.only(*_LAYER)
    weekdays, opens, closes = (at.field(name) for name in ("weekdays", "from", "until"))
    return {
        "name": at.field("name").text(40),
        "members": [member.text(254).lower() for member in at.field("members").items()],
        "length": at.field("length").number(1, 1000),
        "unit": at.field("unit").one_of(*(str(unit) for unit in Unit)),
        "starts_on": at.field("starts_on").date().isoformat(),
        "hand_over_at": at.field("hand_over_at").time().isoformat(),
        "weekdays": None
        if weekdays.is_null
        else sorted({day.number(0, 6) for day in weekdays.items()}),
        "from": None if opens.is_null else opens.time().isoformat(),
        "until": None if closes.is_null else closes.time().isoformat(),
    }


def _refuse_doubles(at: At, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise at.wrong(gettext_noop("“%(name)s” stands here twice."), name=name)
