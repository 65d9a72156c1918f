"""What the page trail tells: who was rung, who acknowledged, who is next."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import escalation
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity
from tickets.presentation.trail import Step, Trail, trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(cast: SimpleNamespace) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    return ticket


def trail_of(ticket: Ticket) -> Trail:
    found = trail(
        list(Escalation.objects.filter(ticket=ticket)), Page.objects.filter(ticket=ticket)
    )
    assert found is not None
    return found


def next_step(ticket: Ticket, index: int, now: dt.datetime) -> None:
    row = Escalation.objects.get(ticket=ticket, state=Escalation.State.RINGING)
    escalation.next_step(escalation=row, index=index, now=now)


def test_there_is_no_trail_before_anybody_was_rung() -> None:
    assert trail([], []) is None


def test_the_first_call_names_the_person_and_who_is_next_when(rung: Ticket) -> None:
    found = trail_of(rung)
    (line,) = found.lines
    assert (line.step, line.names, line.channels) == (Step.RANG, "Zhao Min (L2)", "e-mail")
    assert (found.ringing, found.next_names) == (True, "Li Wei")
    assert found.next_at == NOON + dt.timedelta(seconds=180)


def test_no_answer_rings_the_next_and_an_acknowledgement_ends_it(
    cast: SimpleNamespace, rung: Ticket
) -> None:
    next_step(rung, 1, NOON + dt.timedelta(seconds=180))
    at = NOON + dt.timedelta(seconds=216)
    escalation.acknowledge(ticket=rung, by=Viewer.of(cast.second), now=at)
    found = trail_of(rung)
    assert [(line.step, line.names) for line in found.lines] == [
        (Step.RANG, "Zhao Min (L2)"),
        (Step.RANG_NEXT, "Li Wei (L3)"),
        (Step.ACKNOWLEDGED, "Li Wei"),
    ]
    assert (found.ringing, found.next_names, found.next_at) == (False, "Chen Yu (Lead)", None)


def test_a_long_night_shows_its_latest_calls_and_counts_the_others(rung: Ticket) -> None:
    for index in range(1, 7):
        next_step(rung, index, NOON + dt.timedelta(seconds=180 * index))
    found = trail_of(rung)
    assert len(found.recent) == 4
    assert found.earlier_in_words == "3 earlier calls"
