"""Whom each run of a ladder had to ring and when, reckoned a second time from the duty by hand.

Three shapes: the team's own ladder (each site, the second line, the leads), the same with the
ticket's owner before all others after a silence, and one called for a level (who is on duty of
at least that level, the leads, the managers). What is frozen in the run is not believed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from accounts.models import StaffProfile
from bench.duty_year.record import AT_MOST, Record
from bench.duty_year.world import PATIENCE_SECONDS, World
from tickets.models import Escalation, Page

PATIENCE = dt.timedelta(seconds=PATIENCE_SECONDS)
RANKS = {"L1": 1, "L2": 2, "L3": 3, "lead": 4}
Steps = list[set[int]]
Wrong = list[str]


class Expected:
    """Who stands on each step."""

    def __init__(self, world: World, record: Record) -> None:
        self.world, self.record = world, record
        rows = StaffProfile.objects.values_list("user_id", "level", "is_manager")
        self.ranks = {pk: RANKS[level] for pk, level, _manages in rows}
        self.leads = {pk for pk, level, _manages in rows if level == "lead"}
        self.managers = {pk for pk, _level, manages in rows if manages}

    def steps(self, run: Escalation) -> Steps:
        if run.level:
            return self._called(run)
        owner = self.record.holder(run.ticket_id, run.started_at)
        if run.reason == Escalation.Reason.SILENCE and owner is not None:
            return self._own(run, owner)
        return self._own(run, None)

    def _own(self, run: Escalation, owner: int | None) -> Steps:
        """As of each step's own time: when those before it have had theirs."""
        steps: Steps = [{owner}] if owner is not None else []
        at = run.started_at + (PATIENCE if steps else dt.timedelta())
        before = steps[0] if steps else set()
        for roster in self.world.rosters:
            on_duty = self.world.by_hand.on_duty(roster.pk, at, known_at=run.started_at)
            people = {one for one in on_duty if one not in before and one != owner}
            steps.append(people)
            before = people or before
            at += PATIENCE if people else dt.timedelta()
        return [*steps, self.leads - before - {owner}]

    def _called(self, run: Escalation) -> Steps:
        at, asker = run.started_at, self._asker(run)
        on_duty: set[int] = set()
        for roster in self.world.rosters:
            on_duty |= self.world.by_hand.on_duty(roster.pk, at, known_at=at)
        able = {one for one in on_duty if self.ranks[one] >= RANKS[run.level]}
        steps = [able, self.leads, self.managers][1 if run.level == "lead" else 0 :]
        without = [people - {asker} for people in steps]
        return _nobody_twice_in_a_row(without if any(without) else steps)

    def _asker(self, run: Escalation) -> int | None:
        """Who called; nobody in particular when a ladder that ran out begins anew."""
        for before in self.record.ladders[run.ticket_id]:
            if before.ended_at == run.started_at and before.state == "exhausted":
                return None
        asked = [who for at, who in self.record.askers[run.ticket_id] if at <= run.started_at]
        return asked[-1] if asked else None


def _nobody_twice_in_a_row(steps: Steps) -> Steps:
    before: set[int] = set()
    found: Steps = []
    for people in steps:
        found.append(people - before)
        before = found[-1] or before
    return found


def wrongly_rung(world: World, record: Record, until: dt.datetime) -> tuple[int, int, Wrong, Wrong]:
    """(runs, pages, people rung who had not to be, people or steps left out or late)."""
    expected = Expected(world, record)
    runs, pages = 0, 0
    strangers: Wrong = []
    missing: Wrong = []
    for ticket, ladders in record.ladders.items():
        by_run: dict[int, list[Page]] = defaultdict(list)
        for page in record.pages[ticket]:
            by_run[page.escalation_id].append(page)
        for run in ladders:
            runs += 1
            pages += len(by_run[run.pk])
            steps = expected.steps(run)
            what = f"{record.names[ticket]}, ladder {run.pk} ({run.reason}{run.level})"
            strangers += [f"{what}: {one}" for one in _strangers(by_run[run.pk], steps)]
            missing += [f"{what}: {one}" for one in _gaps(run, by_run[run.pk], steps, until)]
            if not _ended_for_a_reason(run, record):
                missing.append(f"{what}: {run.state} at {run.ended_at} for no reason")
    return runs, pages, strangers, missing


def _strangers(pages: list[Page], steps: Steps) -> list[str]:
    return [
        f"{page.person_name} rung at {page.rung_at}, step {page.step}"
        for page in pages
        if page.person_id not in steps[page.step % len(steps)]
    ]


def _ended_for_a_reason(run: Escalation, record: Record) -> bool:
    """It stops only when somebody wrote, solved it, graded it anew or took it over."""
    ticket, ended = run.ticket_id, run.ended_at
    if run.state in ("exhausted", "replaced"):
        return any(one.started_at == ended and one.pk > run.pk for one in record.ladders[ticket])
    if run.state != "stopped" or ended is None:
        return True
    signs = [*record.words[ticket], *record.solved[ticket]]
    signs += [since for since, _grade in record.severities[ticket]]
    signs += [one for row in record.handovers[ticket] if (one := row.accepted_at or row.ended_at)]
    return any(run.started_at - AT_MOST <= one <= ended for one in signs)


def _gaps(run: Escalation, pages: list[Page], steps: Steps, until: dt.datetime) -> list[str]:
    """Steps in their order, each with all its people, each in time, to the end of the run."""
    rung: dict[int, set[int]] = defaultdict(set)
    at: dict[int, dt.datetime] = {}
    for page in pages:
        rung[page.step].add(page.person_id)
        at[page.step] = page.rung_at
    due, ended = run.started_at, run.ended_at or until
    found = []
    for index in range(len(steps) * int(run.ladder["rounds"])):
        people = steps[index % len(steps)]
        if not people:
            continue
        if index not in rung:
            if ended > due + AT_MOST:
                found.append(f"step {index} was due at {due} and rang nobody")
            return found
        if rung[index] != people:
            found.append(f"step {index} rang {sorted(rung[index])} and not {sorted(people)}")
        if not due <= at[index] <= due + AT_MOST:
            found.append(f"step {index} was due at {due} and rang at {at[index]}")
        due = at[index] + PATIENCE
    if run.state == Escalation.State.RINGING and until > due + AT_MOST:
        found.append(f"it ran out at {due} and was not begun anew")
    return found
