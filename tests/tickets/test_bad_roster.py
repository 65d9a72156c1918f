"""A roster somebody got wrong costs its own step, never the whole ladder."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests import factories
from tests.factories import NOON
from tickets import escalation
from tickets.models import Escalation, Roster
from tickets.models.ticket import Severity
from tickets.oncall import duty

pytestmark = pytest.mark.django_db


def test_a_first_day_beyond_the_calendar_is_refused_with_a_reason(cast: SimpleNamespace) -> None:
    roster = Roster.objects.first()
    roster.starts_on = dt.date(1, 1, 1)
    with pytest.raises(ValidationError, match="between 2000 and 2099"):
        roster.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        roster.save()


def test_a_roster_that_cannot_be_reckoned_with_is_passed_over(cast: SimpleNamespace) -> None:
    first = Roster.objects.get(members__user=cast.engineer)
    Roster.objects.filter(pk=first.pk).update(time_zone="Mars/Olympus_Mons")
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    rung = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    assert rung is not None
    assert list(rung.pages.values_list("person_name", flat=True)) == ["Li Wei"]
    assert [line.person.name for line in duty.now_on_duty(NOON)] == ["Li Wei", "Chen Yu"]
