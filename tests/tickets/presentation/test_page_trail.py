"""What the page trail tells: who was rung, who acknowledged, who is next."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db.models import F

from accounts.models import Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import escalation, page_outcomes
from tickets.models import Escalation, Ladder, LadderStep, Page, Ticket
from tickets.models.ticket import Severity
from tickets.presentation.trail import Step, Trail, trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def rung(cast: SimpleNamespace) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    return ticket


def trail_of(ticket: Ticket, *, for_staff: bool = False) -> Trail:
    found = trail(
        list(Escalation.objects.filter(ticket=ticket)),
        Page.objects.filter(ticket=ticket),
        Event.objects.about(ticket.event_subject) if for_staff else (),
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


def told(found: Trail) -> list[tuple[Step, str]]:
    return [(line.step, line.names or line.why) for line in found.lines]


def test_a_silence_after_the_acknowledgement_says_why_it_rings_again(
    cast: SimpleNamespace, rung: Ticket
) -> None:
    escalation.acknowledge(ticket=rung, by=Viewer.of(cast.engineer), now=NOON)
    later = NOON + dt.timedelta(minutes=15)
    rung.refresh_from_db()
    escalation.start(ticket=rung, reason=Escalation.Reason.SILENCE, now=later)
    assert told(trail_of(rung)) == [
        (Step.RANG, "Zhao Min (L2)"),
        (Step.ACKNOWLEDGED, "Zhao Min"),
        (Step.AGAIN, "no word for too long"),
        (Step.RANG, "Zhao Min (L2)"),
    ]


def test_a_ladder_that_goes_on_after_a_round_without_answer_does_not_repeat_why(
    cast: SimpleNamespace,
) -> None:
    Ladder.objects.update(rounds=1)
    ticket = factories.ticket(cast.developer, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.MANUAL, now=NOON)
    for index in range(1, 4):
        next_step(ticket, index, NOON + dt.timedelta(seconds=180 * index))
    assert told(trail_of(ticket)) == [
        (Step.AGAIN, "escalated by hand"),
        (Step.RANG, "Zhao Min (L2)"),
        (Step.RANG_NEXT, "Li Wei (L3)"),
        (Step.RANG_NEXT, "Chen Yu (Lead)"),
        (Step.EXHAUSTED, ""),
        (Step.RANG, "Zhao Min (L2)"),
    ]


def test_a_level_called_by_hand_is_named(cast: SimpleNamespace, rung: Ticket) -> None:
    escalation.start(
        ticket=rung, reason=Escalation.Reason.MANUAL, now=NOON, from_level="L3", asker=None
    )
    assert told(trail_of(rung))[1:] == [
        (Step.ESCALATED, "L3"),
        (Step.RANG, "Chen Yu (Lead), Li Wei (L3)"),
    ]


def test_who_cannot_be_reached_is_told_and_the_next_did_not_come_for_lack_of_an_answer(
    rung: Ticket,
) -> None:
    page = Page.objects.get()
    Delivery.objects.filter(kind="page").update(failed_at=NOON)
    page_outcomes.unreachable(page=page, now=NOON)
    assert told(trail_of(rung)) == [
        (Step.RANG, "Zhao Min (L2)"),
        (Step.UNREACHABLE, "Zhao Min (L2)"),
        (Step.RANG, "Li Wei (L3)"),
    ]


def test_steps_that_ring_nobody_are_told_to_us_and_not_to_the_customer(
    cast: SimpleNamespace,
) -> None:
    ladder = Ladder.objects.get(team=cast.team)
    ladder.steps.update(position=F("position") + 5)
    LadderStep.objects.create(ladder=ladder, position=0, kind=LadderStep.Kind.CONTACT)
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    assert told(trail_of(ticket)) == [(Step.RANG, "Zhao Min (L2)")]
    (line, rang) = trail_of(ticket, for_staff=True).lines
    assert (line.step, line.names) == (Step.EMPTY, "the customer's dedicated contact")
    assert (line.why, rang.step) == ("the customer has no dedicated contact", Step.RANG)
