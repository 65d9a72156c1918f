"""Managers hear in time that a calendar's public holidays run out."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Delivery, Event
from portal.demo.working_hours import make_working_hours
from portal.engine import calendar_chores
from portal.engine.handlers import HANDLERS
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def look(at: dt.datetime) -> list[str]:
    calendar_chores.plan(at)
    row = Deadline.objects.filter(kind=calendar_chores.CHECK).latest("due_at")
    HANDLERS[row.kind](row, at)
    return list(
        Delivery.objects.filter(subject__startswith="calendar/").values_list("address", flat=True)
    )


def test_managers_are_told_once_a_week_when_holidays_are_known_for_less_than_sixty_days(
    cast: SimpleNamespace,
) -> None:
    make_working_hours(NOON)
    assert look(NOON) == [cast.lead.email]
    assert look(NOON + dt.timedelta(days=1)) == [cast.lead.email]
    assert len(look(NOON + dt.timedelta(days=7))) == 2
    assert Event.objects.filter(verb="calendar.holidays_run_out").count() == 2


def test_nobody_is_told_while_they_are_known_for_long(cast: SimpleNamespace) -> None:
    summer = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    make_working_hours(summer)
    assert look(summer) == []


def test_nobody_is_told_of_a_calendar_that_follows_no_country(cast: SimpleNamespace) -> None:
    assert look(NOON) == []
