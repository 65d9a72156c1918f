"""A roster somebody got wrong costs its own step, never the whole ladder."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import escalation, rosters
from tickets.models import Escalation, Roster
from tickets.models.ticket import Severity
from tickets.oncall import duty
from tickets.oncall.definition import RosterPlan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(2500, 1, 1)])
def test_a_first_day_beyond_the_calendar_is_refused_with_a_reason(
    cast: SimpleNamespace, day: dt.date
) -> None:
    roster, by = Roster.objects.order_by("pk")[0], Viewer.of(cast.lead)
    plan = RosterPlan("UTC", (factories.layer(cast.engineer, starts_on=day),))
    with pytest.raises(ValidationError, match="between 2000 and 2099"):
        rosters.edit(roster=roster, name="Primary", plan=plan, by=by, now=NOON)


def test_a_roster_that_cannot_be_reckoned_with_is_passed_over(cast: SimpleNamespace) -> None:
    first = Roster.objects.get(name="Rung 0")
    first.time_zone = "Mars/Olympus_Mons"
    factories.version(first, factories.layer(cast.engineer), since=NOON - dt.timedelta(days=1))
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    rung = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    assert rung is not None
    assert list(rung.pages.values_list("person_name", flat=True)) == ["Li Wei"]
    assert [line.person.name for line in duty.now_on_duty(NOON)] == ["Li Wei", "Chen Yu"]
