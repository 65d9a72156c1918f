"""My duty: how I am rung, when I want quiet, my next shifts and my calendars. One's own only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import access, contact_addresses, reaching
from accounts.models import ContactCheck, ContactMethod, QuietHours, User
from accounts.requests import TenantRequest
from tickets.admin.contact_forms import AddForm, ChangeForm, QuietForm, delay_words
from tickets.admin.frame import frame
from tickets.models import CalendarFeed, Roster, Team
from tickets.oncall import duty

AHEAD: Final = dt.timedelta(weeks=8)
BACK: Final = dt.timedelta(days=40)  # so that a shift under way is seen from its beginning
SHOWN: Final = 8
ICONS: Final = {"email": "mail", "push": "bell-ring", "phone": "phone", "chat": "message-square"}


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a method as it is shown: without what is secret in it."""

    shown: str
    is_fallback: bool
    verified_at: dt.datetime | None
    check: ContactCheck | None


@dataclass(frozen=True, slots=True)
class MethodRow:
    method: ContactMethod
    addresses: list[Address]
    icon: str
    rings: str
    form: forms.Form
    is_open: bool
    warns: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift of mine; times are UTC. Without an end it goes on for longer than is shown."""

    starts_at: dt.datetime
    ends_at: dt.datetime | None
    team: Team
    roster: Roster
    is_now: bool


@dataclass(frozen=True, slots=True)
class Secret:
    """The address of a calendar made this moment: shown this once."""

    address: str
    team: Team | None


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed and not taken, to be shown again with the reason.

    `refusals` are sentences by the key of the method, `warnings` the methods whose removal
    needs a second word.
    """

    add: AddForm | None = None
    change: Mapping[int, ChangeForm] | None = None
    quiet: QuietForm | None = None
    refusals: Mapping[int, str] | None = None
    warnings: frozenset[int] = frozenset()


@require_safe
def my_duty(request: TenantRequest) -> HttpResponse:
    return page(request)


def page(
    request: TenantRequest, *, unsaved: Unsaved | None = None, secret: Secret | None = None
) -> HttpResponse:
    """The page; with `unsaved`, what was refused stands where it was typed."""
    access.require(request.viewer, "contact.edit")
    person = request.viewer.user
    assert person is not None  # noqa: S101  nobody else may edit contact methods
    unsaved = unsaved or Unsaved()
    quiet = QuietHours.objects.filter(user=person).first()
    teams = list(duty.teams())
    context = {
        "current_tab": "my-duty",
        "person": person,
        "methods": _rows(person, unsaved),
        "rung": _rung(person, request.now),
        "add_form": unsaved.add or AddForm(),
        "adds": unsaved.add is not None,
        "quiet": quiet,
        "quiet_form": unsaved.quiet or QuietForm(quiet=quiet),
        "turns": _turns(person, teams, request.now),
        "feeds": _feeds(person, teams),
        "secret": secret,
        "now": request.now,
    }
    answer = render(request, "tickets/my_duty.html", context | frame(request, "duty"))
    answer.status_code = 422 if unsaved != Unsaved() else 200
    return answer


def _rows(person: User, unsaved: Unsaved) -> list[MethodRow]:
    latest: dict[tuple[int | None, bool], ContactCheck] = {}
    for check in ContactCheck.objects.filter(user=person, method__isnull=False):
        latest[check.method_id, check.is_fallback] = check
    rows = []
    for method in ContactMethod.objects.filter(user=person).order_by("position", "pk"):
        change = (unsaved.change or {}).get(method.pk)
        rows.append(
            MethodRow(
                method=method,
                addresses=_addresses(method, latest),
                icon=ICONS.get(method.kind, "bell"),
                rings=delay_words(method.delay_seconds),
                form=change or ChangeForm(method=method),
                is_open=change is not None,
                warns=method.pk in unsaved.warnings,
                refusal=(unsaved.refusals or {}).get(method.pk, ""),
            )
        )
    return rows


def _addresses(
    method: ContactMethod, latest: Mapping[tuple[int | None, bool], ContactCheck]
) -> list[Address]:
    both = [(method.address, False, method.verified_at)]
    if method.fallback_address:
        both.append((method.fallback_address, True, method.fallback_verified_at))
    found = []
    for address, is_fallback, verified_at in both:
        check = latest.get((method.pk, is_fallback))
        if check is not None and check.address != address:
            check = None
        found.append(Address(contact_addresses.shown(address), is_fallback, verified_at, check))
    return found


def _rung(person: User, now: dt.datetime) -> list[dict[str, str]]:
    """What an urgent page that started now would do, in words."""
    calls = reaching.calls_for([person], urgent=True, at=now)[person.pk]
    return [
        {
            "kind": str(method.get_kind_display()),
            "when": delay_words(round((due_at - now).total_seconds())),
        }
        for method, due_at in calls
    ]


def _turns(person: User, teams: list[Team], now: dt.datetime) -> list[Turn]:
    rosters = {roster.pk: (team, roster) for team in teams for roster in team.rosters.all()}
    found = duty.shifts(
        [roster for _team, roster in rosters.values()], now - BACK, now + AHEAD, known_at=now
    )
    turns = [
        Turn(
            shift.starts_at,
            shift.ends_at if shift.ends_at < now + AHEAD else None,
            *rosters[key],
            is_now=shift.starts_at <= now,
        )
        for key, shifts in found.items()
        for shift in shifts
        if shift.member == person.pk and shift.ends_at > now
    ]
    return sorted(turns, key=lambda turn: turn.starts_at)[:SHOWN]


def _feeds(person: User, teams: list[Team]) -> list[dict[str, Any]]:
    """My own calendar and each team's, with the live feed of each, if there is one."""
    live = {
        feed.team_id: feed for feed in CalendarFeed.objects.filter(owner=person, revoked_at=None)
    }
    return [{"team": team, "feed": live.get(team.pk if team else None)} for team in (None, *teams)]
