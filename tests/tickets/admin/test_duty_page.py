"""The duty page: who is on now, who is next, this week."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts import tenancy
from accounts.templatetags.vigil import shift_moment
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tickets import duty_changes
from tickets.models import ReachabilityDrill
from tickets.oncall import history
from tickets.oncall.record import histories
from tickets.presentation.week import initials, lines, week_around

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


def page(browser: Any) -> str:
    answer = browser.get("/admin/duty/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_names_who_is_on_duty_and_who_is_next(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.roster(cast.team, cast.second, cast.engineer, name="Second line")
    shown = page(browser_of(cast.engineer))
    for wanted in ("On duty now", "Zhao Min (L2)", "Li Wei (L3)", "Second line", "Chen Yu (Lead)"):
        assert wanted in shown


def test_times_are_the_readers(cast: SimpleNamespace, browser_of: Any) -> None:
    cast.engineer.time_zone = "Asia/Shanghai"
    cast.engineer.save()
    factories.roster(cast.team, cast.second, cast.engineer, name="Second line")
    assert "08:00" in page(browser_of(cast.engineer))  # midnight of the roster's UTC


def test_a_roster_without_people_is_a_gap(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.roster(cast.team, name="Empty")
    assert "duty-gap" in page(browser_of(cast.engineer))


def test_a_drill_says_nothing_about_a_later_shift(cast: SimpleNamespace, browser_of: Any) -> None:
    person = factories.engineer("Ana Souza")
    days = factories.roster(
        cast.team,
        person,
        name="Days",
        weekdays=frozenset(range(7)),
        opens=dt.time(8),
        closes=dt.time(20),
    )
    begins = NOON.replace(hour=8)
    ReachabilityDrill.objects.create(
        roster=days,
        person=person,
        person_name=person.name,
        shift_starts_at=begins,
        shift_ends_at=NOON.replace(hour=20),
        asked_at=begins - dt.timedelta(minutes=15),
        confirm_by=begins - dt.timedelta(minutes=5),
        confirmed_at=begins - dt.timedelta(minutes=14),
        outcome=ReachabilityDrill.Outcome.REACHED,
    )
    shown = page(browser_of(cast.engineer))
    assert "Days from" in shown
    assert shown.count("· reached") == 1


def test_only_managers_are_offered_to_edit(cast: SimpleNamespace, browser_of: Any) -> None:
    assert "Edit rosters" not in page(browser_of(cast.engineer))
    assert "Edit rosters" in page(browser_of(cast.lead))


def test_it_costs_the_same_however_many_teams(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.engineer)
    page(browser)
    with page_queries() as before:
        page(browser)
    factories.team(cast.second, cast.lead, cast.engineer, name="RTC", is_default=False)
    with page_queries() as after:
        page(browser)
    assert len(before) == len(after) <= 12


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_blocks_of_a_week_fill_it_without_overlap(zone: str, cast: SimpleNamespace) -> None:
    roster = factories.roster(
        cast.team, cast.engineer, cast.second, name="Daily", unit="days", time_zone="Europe/Paris"
    )
    for day in (NOON, dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)):  # clocks change that day
        week = week_around(day, ZoneInfo(zone))
        span = (week.starts_at, week.ends_at)
        record = histories([roster], *span, known_at=NOON)[roster.pk]
        (line,) = lines(history.marked(record, *span, known_at=NOON), [], week, str)
        made = line.blocks
        assert made[0].start == 0
        ends = [round(block.start + block.width, 2) for block in made]
        assert ends[-1] == 100
        assert ends[:-1] == [round(block.start, 2) for block in made[1:]]


def test_a_gap_stands_among_who_is_on_duty_and_who_is_next(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.roster(cast.team, cast.second, name="Second line")
    nights = factories.engineer("Ana Souza")
    factories.roster(cast.team, nights, name="Nights")
    for person, starts in ((cast.second, NOON), (nights, NOON + dt.timedelta(days=1))):
        duty_changes.take_leave(
            person=person,
            starts_at=starts,
            ends_at=starts + dt.timedelta(hours=3),
            by=Viewer.of(cast.lead),
            now=NOON,
        )
    reader = browser_of(cast.engineer)
    with time_machine.travel(NOON, tick=False):  # a week later, a weekday would need its date
        shown = " ".join(re.sub("<[^>]+>", " ", page(reader)).split())
    assert "Nobody Second line until Mon 15:00" in shown
    assert "Li Wei (L3) Second line from Mon 15:00" in shown
    assert "Nobody Nights from Tue 12:00" in shown


def test_a_weekday_that_could_be_another_has_its_date() -> None:
    near, far = NOON + dt.timedelta(days=6), NOON + dt.timedelta(days=7)
    with time_machine.travel(NOON, tick=False):
        assert shift_moment(near) == f"{near:%a} {near:%H:%M}"
        assert shift_moment(far) == f"{far:%a} {far.day} {far:%b}, {far:%H:%M}"


@pytest.mark.parametrize(
    ("name", "short"),
    [("Ana Souza", "AS"), ("Ana Souza (left)", "AS"), ("王芳", "王芳"), ("Li", "Li"), ("", "")],
)
def test_a_name_without_room_is_its_initials(name: str, short: str) -> None:
    assert initials(name) == short
