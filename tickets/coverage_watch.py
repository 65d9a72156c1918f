"""Tell the duty leads of hours nobody covers and of loads nobody can carry.

Each day about the next fourteen days; at once when a change opens a gap within 48 hours. What
was told is kept in the event log, so that only news stands at the top.
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from accounts import agenda, events
from accounts.models import Event, User
from accounts.viewer import SYSTEM
from tickets import coverage_letters
from tickets.coverage_letters import Problems
from tickets.coverage_recheck import SUBJECT
from tickets.models import Team
from tickets.oncall import duty
from tickets.oncall.coverage_news import Told, read, written
from tickets.oncall.forecast import Forecast, forecast

DAILY: Final = "coverage.daily"
DAILY_AT: Final = dt.time(1)  # UTC: nine in the morning in Shanghai
SOON: Final = dt.timedelta(hours=48)
UTC: Final = ZoneInfo("UTC")

log = structlog.get_logger(__name__)


def plan_daily(now: dt.datetime) -> None:
    """Have today's warning made, unless it was; each engine says so when it starts."""
    _plan(now.date())


def warn_daily(*, now: dt.datetime) -> None:
    """Tell all there is, news first; then plan tomorrow's. Says nothing when all is well."""
    _plan(now.date() + dt.timedelta(days=1))
    told = last_told()
    found = forecast(now, UTC)
    problems = coverage_letters.problems_of(found, told)
    state = Told(
        gaps={line.need: gaps for line in found.wanted if (gaps := tuple(found.gaps(line)))},
        strains=frozenset(
            (load.person, str(strain)) for load in found.impossible for strain in load.strains
        ),
        horizon=found.window[1],
    )
    if problems.are_none:
        if not told.is_empty:
            _record("coverage.clear", state, [], now)
        return
    _tell(problems, found, state, now=now, at_once=False)


def warn_at_once(*, now: dt.datetime) -> None:
    """Tell of gaps within 48 hours that nobody has been told of yet."""
    told = last_told()
    found = forecast(now, UTC, days=4)
    problems = coverage_letters.problems_of(found, told).new_gaps_before(now + SOON)
    if problems.are_none:
        return
    gaps = [(line.need, gap) for line, gap in problems.gaps]
    _tell(problems, found, told.and_gaps(gaps, now + SOON), now=now, at_once=True)


def last_told() -> Told:
    """What the leads know; nothing before the first warning."""
    last = Event.objects.filter(organization=None).about(SUBJECT).order_by("-pk").first()
    return read(last.data) if last else Told()


def _tell(
    problems: Problems, found: Forecast, state: Told, *, now: dt.datetime, at_once: bool
) -> None:
    """One letter to each lead, about the teams whose products they know."""
    mine: dict[int, tuple[User, set[int]]] = {}
    for key, team in _teams(problems, found).items():
        for lead in duty.leads(team):
            mine.setdefault(lead.pk, (lead, set()))[1].add(key)
    for lead, teams in mine.values():
        coverage_letters.post(
            problems.of_teams(teams, found), found, to=lead, at_once=at_once, now=now
        )
    if not mine:
        log.error("nobody leads, so nobody was told of gaps in coverage")
    _record("coverage.warned", state, sorted(mine), now)


def _teams(problems: Problems, found: Forecast) -> dict[int, Team | None]:
    """Whose affair it is: teams by key, 0 for what no team takes."""
    teams = {line.team.pk if line.team else 0: line.team for line, _gap in problems.gaps}
    for load in problems.loads:
        teams |= {team.pk: team for team in coverage_letters.teams_of(load.person, found)}
    return teams


def _record(verb: str, state: Told, to: list[int], now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=SUBJECT,
        by=SYSTEM,
        at=now,
        organization_id=None,
        internal=True,
        to=to,
        **written(state),
    )


def _plan(day: dt.date) -> None:
    agenda.schedule(
        kind=DAILY,
        key=f"coverage:{day.isoformat()}",
        due_at=dt.datetime.combine(day, DAILY_AT, dt.UTC),
        subject=SUBJECT,
        organization_id=None,
    )
