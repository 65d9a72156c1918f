"""The roster calendar: who is on duty now and next, the week of each roster, what is to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets.admin.duty_lists import changes_since, changes_to_come, swaps_to_answer
from tickets.admin.frame import frame
from tickets.instants import zone_named
from tickets.models import Roster
from tickets.oncall import duty, history
from tickets.oncall.history import History
from tickets.oncall.record import histories
from tickets.oncall.rotation import Shift
from tickets.oncall.staff_turns import Colleague
from tickets.periods import Period, joined
from tickets.presentation import handovers
from tickets.presentation.drill_lines import DrillLine, drill_rows, latest
from tickets.presentation.trail import person
from tickets.presentation.week import Line, Week, lines, week_around, week_from

A_DAY: Final = dt.timedelta(days=1)
FAR: Final = dt.timedelta(days=366)  # how far back and ahead the calendar can be turned
BROKEN: Final = (ValueError, OverflowError, KeyError)  # what a roster that makes no sense raises
NEXT_WITHIN: Final = dt.timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn; `at` (UTC) is its end if it is now, its start if it comes next.

    Without a `name` it is a gap: somebody should be on duty and nobody is.
    """

    name: str
    who: str
    roster: str
    at: dt.datetime | None
    drill: DrillLine | None = None
    drill_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What the page reads once for all teams."""

    records: dict[int, History]
    shifts: dict[int, list[Shift]]  # from now on
    people: dict[int, Colleague]
    names: dict[int, str]  # also of those who left
    week: Week
    now: dt.datetime

    def name(self, key: object) -> str:
        """As they are called now; said of those who left."""
        if not isinstance(key, int):
            return ""
        if key in self.people:
            return self.people[key].name
        return _("%(name)s (left)") % {"name": self.names.get(key, "?")}

    def who(self, key: object) -> str:
        known = self.people.get(key) if isinstance(key, int) else None
        return person(self.name(key), known.level if known else "")


@require_safe
def duty_view(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.read")
    week, now = shown_week(request), request.now
    changes = changes_since(min(week.starts_at, now))
    span = (min(week.starts_at, now), max(week.ends_at, now + duty.AHEAD))
    records = histories(None, *span, known_at=now, changes=changes)
    around = frame(request, "duty", records)
    teams = list(duty.teams().annotate(drill_rows=drill_rows(now)))
    table = _table(records, around["colleagues"], week, now)
    is_now = week.starts_at <= now < week.ends_at
    shown = [_team(team, table) for team in teams]
    _add_cards(shown, handovers.owned_urgent(request.viewer), table)
    context = {
        "teams": shown,
        "week": week,
        "last_day": week.days[-1],
        "weeks": len(week.days) // 7,
        "earlier": week.days[0] - len(week.days) * A_DAY,
        "later": week.days[-1] + A_DAY,
        "is_now": is_now,
        "now_share": week.share(now) if is_now else None,
        "may_edit": access.allows(request.viewer, "roster.edit"),
        "changes": changes_to_come(request, changes),
        "swaps": swaps_to_answer(request),
    }
    return render(request, "tickets/duty.html", context | around)


def shown_week(request: TenantRequest) -> Week:
    """The week asked for by `from` (a date in it) and `weeks` (1 or 2); else this one."""
    zone = zone_named(timezone.get_current_timezone_name())
    weeks = 2 if request.GET.get("weeks") == "2" else 1
    this = week_around(request.now, zone, weeks)
    try:
        day = dt.date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return this
    if abs(day - this.days[0]) > FAR:
        return this
    return week_from(day - day.weekday() * A_DAY, zone, weeks)


def _table(
    records: dict[int, History], colleagues: Iterable[Colleague], week: Week, now: dt.datetime
) -> Table:
    ahead = now + NEXT_WITHIN
    names = {
        member.key: member.name
        for record in records.values()
        for version in record.versions
        for member in version.members
    }
    return Table(
        records=records,
        shifts={key: duty.reckoned(key, one, now, ahead, now) for key, one in records.items()},
        people={one.pk: one for one in colleagues},
        names=names,
        week=week,
        now=now,
    )


def _team(team: Any, table: Table) -> dict[str, Any]:
    current, following, strips = [], [], []
    drills = latest(team.drill_rows)
    for roster in team.rosters.all():
        strips += _strips(roster, table)
        turns = table.shifts.get(roster.pk, [])
        on = [turn for turn in turns if turn.starts_at <= table.now]
        current += [
            _turn(
                turn.member, roster, turn.ends_at if _ends(turn, table.now) else None, table, drills
            )
            for turn in on
        ]
        coming = [turn for turn in turns if turn.starts_at > table.now]
        first = [turn for turn in coming if turn.starts_at == coming[0].starts_at]
        gaps = _gaps(roster, table, (table.now, table.now + NEXT_WITHIN))
        for start, end in gaps:
            if start <= table.now:
                known = end < table.now + NEXT_WITHIN
                current.append(Turn("", _("Nobody"), roster.name, end if known else None))
            elif not first or start < first[0].starts_at:
                following.append(Turn("", _("Nobody"), roster.name, start))
                break
        following += [_turn(turn.member, roster, turn.starts_at, table, drills) for turn in first]
    return {
        "team": team,
        "now": current,
        "next": following,
        "strips": strips,
    }


def _ends(turn: Shift, now: dt.datetime) -> bool:
    """Whether the end of the turn is known, and not only that of what was looked at."""
    return turn.ends_at < now + NEXT_WITHIN


def _strips(roster: Roster, table: Table) -> list[dict[str, Any]]:
    """The lines of a roster; one long gap when it cannot be reckoned with or has nobody."""
    week, record = table.week, table.records.get(roster.pk)
    span = (week.starts_at, week.ends_at)
    try:
        found = history.marked(record, *span, known_at=table.now) if record else []
    except BROKEN:
        found = []
    made = lines(found, _gaps(roster, table, span), week, table.name)
    return [_strip(roster, line, number) for number, line in enumerate(made)]


def _gaps(roster: Roster, table: Table, span: Period) -> list[Period]:
    """When nobody is on duty who should be; all of it if the roster cannot be reckoned with."""
    record = table.records.get(roster.pk)
    if record is None or not any(version.layers for version in record.versions):
        return [span]
    try:
        return joined(history.holes(record, *span, known_at=table.now))
    except BROKEN:
        return [span]


def _strip(roster: Roster, line: Line, number: int) -> dict[str, Any]:
    return {"roster": roster, "blocks": line.blocks, "is_more": number > 0}


def _turn(
    key: object,
    roster: Roster,
    at: dt.datetime | None,
    table: Table,
    drills: dict[int, DrillLine],
) -> Turn:
    """With the drill before it: the one that was, or when the one to come is."""
    drill = drills.get(key) if isinstance(key, int) else None
    begins = any(
        turn.member == key and turn.starts_at == at for turn in table.shifts.get(roster.pk, [])
    )
    if begins and drill is not None and at is not None and drill.shift_starts_at < at:
        drill = None  # that was for an earlier shift of theirs
    to_come = None
    if at is not None and begins and roster.drill_minutes and drill is None:
        to_come = at - dt.timedelta(minutes=roster.drill_minutes)
    return Turn(table.name(key), table.who(key), roster.name, at, drill, to_come)


def _add_cards(shown: list[dict[str, Any]], tickets: list[Any], table: Table) -> None:
    """Put what is to be handed over beside the team whose product it is about."""
    by_product = {
        product.pk: entry["team"] for entry in shown for product in entry["team"].products.all()
    }
    default = next((entry["team"] for entry in shown if entry["team"].is_default), None)
    for entry in shown:
        mine = [one for one in tickets if by_product.get(one.product_id, default) == entry["team"]]
        entry["handovers"] = handovers.cards(mine, table.people.values(), table.now)
