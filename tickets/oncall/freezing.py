"""Freeze the ladder a ticket rings with its people: names and levels as they are now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import Prefetch

from accounts.models import User
from tickets.models import Ladder as LadderRow
from tickets.models import LadderStep, Roster, Team, Ticket
from tickets.oncall import duty
from tickets.oncall.ladder import Ladder, Rung, Step
from tickets.oncall.line_up import (
    Kind,
    LineUp,
    OnDuty,
    Staff,
    Why,
    at_least,
    choose,
    level_of,
    line_up,
    not_again,
)
from tickets.oncall.qualification import Need
from tickets.oncall.skills import need_of

PATIENCE_SECONDS = 180
SILENCE_SECONDS = 15 * 60
A_MOMENT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a frozen step: nobody on it, or nobody qualified."""

    step: int
    kind: str
    about: str
    why: Why


@dataclass(frozen=True, slots=True)
class Frozen:
    """`source` is the ladder it was made of; None when every lead is rung for lack of one."""

    ladder: Ladder
    remarks: tuple[Remark, ...]
    source: LadderRow | None
    silence_seconds: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A step with its people, before it is frozen."""

    line_up: LineUp
    patience_seconds: int
    times: int = 1


def with_steps() -> Prefetch[str]:
    """A team's ladders with their steps, for `Team` querysets: two queries."""
    steps = LadderStep.objects.select_related("roster", "person").order_by("position")
    return Prefetch("ladders", LadderRow.objects.prefetch_related(Prefetch("steps", steps)))


def ladder_of(team: Team | None, severity: str) -> LadderRow | None:
    """The severity's own ladder, else the team's for any, else the default team's."""
    others = duty.teams().filter(is_default=True)
    for one in chain([team] if team else [], others):
        found = {row.severity: row for row in one.ladders.prefetch_related("steps")}
        for key in (severity, ""):
            if key in found and found[key].steps.all():
                return found[key]
    return None


def freeze(
    ticket: Ticket, team: Team | None, now: dt.datetime, *, silent: bool = False
) -> Frozen | None:
    """The ladder of the ticket's severity, those of a roster as of the step's own time.

    With `silent` the ticket's owner is rung first, and on no other step. With nobody on any
    step every lead is; None when there is not one.
    """
    staff, source = Staff.read(), ladder_of(team, ticket.severity)
    owner = ticket.owner if silent else None
    filled = [_owners(owner, source, staff)] if owner is not None else []
    if source is not None:
        filled += _filled(ticket, source, staff, now, after=filled, but=owner)
    return _frozen(filled, staff, source)


def freeze_from_level(
    ticket: Ticket, team: Team | None, now: dt.datetime, *, level: str, asker: int | None
) -> Frozen | None:
    """By hand: those on duty of at least that level, then the leads, then the managers.

    Who asks is not rung, unless there is nobody else.
    """
    staff, source = Staff.read(), ladder_of(team, ticket.severity)
    first = source.steps.first() if source else None
    patience = first.patience_seconds if first else PATIENCE_SECONDS
    rosters = list(team.rosters.all()) if team else []
    on_duty = OnDuty(rosters, now, now + A_MOMENT)
    keys = {key: None for roster in rosters for key in on_duty.at(roster.pk, now)}
    able = [one.pk for one in at_least(staff.among(keys), level)]
    lines = [choose(able, staff, need_of(ticket, level=level), kind=Kind.ROSTER, about="")]
    for people, kind, why in (
        (staff.leads(team), Kind.LEADS, Why.NO_LEADS),
        (staff.managers(), Kind.MANAGERS, Why.NO_MANAGERS),
    ):
        lines.append(LineUp(tuple(people), kind, "", None if people else why))
    if level == "lead":
        lines = lines[1:]
    others = [_without(one, asker) for one in lines]
    chosen = others if any(one.people for one in others) else lines
    return _frozen([Filled(one, patience) for one in _each_once(chosen)], staff, source)


def rings_now(
    source: LadderRow, team: Team, staff: Staff, on_duty: OnDuty, now: dt.datetime
) -> Iterator[Filled]:
    """Each step of a ladder with whom it would ring for a ticket that asks for nothing special."""
    at, before = now, None
    for row in source.steps.all():
        need = Need(level=row.level)
        line = line_up(row, team, staff, on_duty, at=at, need=need, contact=None)
        line = not_again(line, before)
        before = line if line.people else before
        yield Filled(line, row.patience_seconds, row.times)
        if line.people or row.kind == Kind.CONTACT:
            at += dt.timedelta(seconds=row.patience_seconds * row.times)


def _filled(
    ticket: Ticket,
    source: LadderRow,
    staff: Staff,
    now: dt.datetime,
    *,
    after: list[Filled],
    but: User | None,
) -> list[Filled]:
    """The ladder's steps without one person, rung when those `after` which they come are over."""
    contact = ticket.organization.dedicated_contact
    team = duty.teams().get(pk=source.team_id)
    rows = list(source.steps.select_related("roster", "person"))
    at = now + sum(map(_lasts, after), dt.timedelta())
    on_duty = span(rows, now, at)
    before = next((one.line_up for one in reversed(after) if one.line_up.people), None)
    filled = []
    for row in rows:
        need = need_of(ticket, level=row.level)
        line = line_up(row, team, staff, on_duty, at=at, need=need, contact=contact)
        line = _without(not_again(line, before), but.pk if but else None)
        before = line if line.people else before
        filled.append(Filled(line, row.patience_seconds, row.times))
        at += _lasts(filled[-1])
    return filled


def _lasts(filled: Filled) -> dt.timedelta:
    """How long the next step waits for this one; one without people costs no time."""
    seconds = filled.patience_seconds * filled.times if filled.line_up.people else 0
    return dt.timedelta(seconds=seconds)


def span(rows: list[LadderStep], now: dt.datetime, begins_at: dt.datetime | None = None) -> OnDuty:
    """Who is on duty for the steps' rosters while a ladder of them is gone through once."""
    lasts = sum(row.patience_seconds * row.times for row in rows)
    keys = {row.roster_id for row in rows if row.roster_id}
    rosters = Roster.objects.filter(pk__in=keys)
    ends_at = (begins_at or now) + dt.timedelta(seconds=lasts)
    return OnDuty(rosters, now, ends_at + A_MOMENT)


def _owners(owner: User, source: LadderRow | None, staff: Staff) -> Filled:
    """The owner's step, with the patience of the ladder's first."""
    here = tuple(staff.among([owner.pk]))
    why = None if here else Why.LEFT
    first = source.steps.first() if source else None
    patience = first.patience_seconds if first else PATIENCE_SECONDS
    return Filled(LineUp(here, Kind.PERSON, owner.name, why), patience)


def _each_once(lines: Iterable[LineUp]) -> Iterator[LineUp]:
    before = None
    for line in lines:
        line = not_again(line, before)
        before = line if line.people else before
        yield line


def _without(line: LineUp, person: int | None) -> LineUp:
    return replace(line, people=tuple(one for one in line.people if one.pk != person))


def _frozen(filled: Iterable[Filled], staff: Staff, source: LadderRow | None) -> Frozen | None:
    filled = list(filled)
    if not any(one.line_up.people for one in filled):
        leads = LineUp(tuple(staff.leads(None)), Kind.LEADS, "")
        if not leads.people:
            return None
        filled.append(Filled(leads, PATIENCE_SECONDS))
    steps: list[Step] = []
    remarks = []
    for one in filled:
        if one.line_up.why not in (None, Why.RUNG_BEFORE):
            line = one.line_up
            remarks.append(Remark(len(steps), line.kind, line.about, one.line_up.why))
        steps += [_step(one)] * one.times
    return Frozen(
        ladder=Ladder(steps=tuple(steps), rounds=source.rounds if source else 1),
        remarks=tuple(remarks),
        source=source,
        silence_seconds=source.silence_minutes * 60 if source else SILENCE_SECONDS,
    )


def _step(filled: Filled) -> Step:
    people = tuple(Rung(one.pk, one.name, level_of(one)) for one in filled.line_up.people)
    return Step(after_seconds=filled.patience_seconds, people=people)
