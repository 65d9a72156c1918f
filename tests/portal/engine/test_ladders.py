"""An urgent ticket rings one after the other until somebody takes it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Deadline, Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import escalation, lifecycle
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db

HandleDue = Callable[[], None]


@pytest.fixture
def urgent(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    """Opened at noon, with the first engineer ringing."""
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    return ticket


def rung(ticket: Ticket) -> list[tuple[str, str]]:
    return [(page.person_name, page.state) for page in Page.objects.filter(ticket=ticket)]


def test_the_first_on_duty_is_rung_at_once(urgent: Ticket, clock: Clock) -> None:
    assert rung(urgent) == [("Zhao Min", "ringing")]
    delivery = Delivery.objects.get(kind="page")
    assert (delivery.address, delivery.due_at) == ("zhao@vigil.example", clock.now)


def test_without_acknowledgement_the_ladder_is_climbed_step_by_step(
    urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=179)
    handle_due()
    assert len(rung(urgent)) == 1
    clock.forward(seconds=1)
    handle_due()
    assert rung(urgent) == [("Zhao Min", "silent"), ("Li Wei", "ringing")]
    clock.forward(seconds=180)
    handle_due()
    assert rung(urgent)[1:] == [("Li Wei", "silent"), ("Chen Yu", "ringing")]


def test_an_exhausted_ladder_starts_anew(
    urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    for _step in range(9):  # three people, three rounds
        clock.forward(seconds=180)
        handle_due()
    ladders = list(Escalation.objects.filter(ticket=urgent, reason="urgent"))
    assert [ladder.state for ladder in ladders] == ["exhausted", "ringing"]
    assert [page.person_name for page in ladders[1].pages.all()] == ["Zhao Min"]


def test_acknowledging_stops_the_ringing(
    cast: SimpleNamespace, urgent: Ticket, clock: Clock, handle_due: HandleDue, send_due: Any
) -> None:
    clock.forward(seconds=90)
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=clock.now)
    send_due()
    assert Delivery.objects.filter(kind="page").get().sent_at is None
    clock.forward(minutes=10)
    handle_due()
    assert rung(urgent) == [("Zhao Min", "acked")]


def test_an_answer_acknowledges_on_behalf_of_who_wrote_it(
    cast: SimpleNamespace, urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=60)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.second), body="On it.", now=clock.now)
    handle_due()
    ladder = Escalation.objects.get(ticket=urgent)
    assert (ladder.state, ladder.acknowledged_by) == ("acked", cast.second)


def test_an_answer_while_nobody_is_rung_is_no_error(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Hello.", now=clock.now)
    handle_due()
    assert not Deadline.objects.filter(attempts__gt=0).exists()


def test_nobody_is_rung_about_what_was_answered_while_the_engine_was_away(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    clock.forward(seconds=30)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="On it.", now=clock.now)
    handle_due()
    assert rung(ticket) == []


def test_a_solved_ticket_rings_nobody(
    cast: SimpleNamespace, urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.close(ticket=urgent, by=Viewer.of(cast.developer), now=clock.now)
    handle_due()
    clock.forward(minutes=20)
    handle_due()
    assert rung(urgent) == [("Zhao Min", "stopped")]


def test_a_late_stop_does_not_silence_a_reopened_ticket(
    cast: SimpleNamespace, urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.close(ticket=urgent, by=Viewer.of(cast.developer), now=clock.now)
    clock.forward(seconds=5)
    lifecycle.reopen(ticket=urgent, by=Viewer.of(cast.developer), now=clock.now)
    handle_due()
    assert Escalation.objects.filter(ticket=urgent, state="ringing").count() == 1


def test_a_broken_first_answer_rings_the_ladder_with_that_reason(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.IMPORTANT)
    clock.forward(minutes=61)
    handle_due()
    assert Escalation.objects.get(ticket=ticket).reason == "response"
    assert Event.objects.filter(verb="promise.broken", subject=ticket.event_subject).count() == 1


def test_a_broken_next_update_rings_again_whoever_is_on_duty(
    cast: SimpleNamespace, urgent: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="On it.", now=clock.now)
    handle_due()
    noted = clock.forward(minutes=14)  # nobody falls silent
    lifecycle.add_note(ticket=urgent, by=Viewer.of(cast.engineer), body="Reading.", now=noted)
    noted = clock.forward(minutes=14)
    lifecycle.add_note(ticket=urgent, by=Viewer.of(cast.engineer), body="Found.", now=noted)
    clock.forward(minutes=2, seconds=1)
    handle_due()
    latest = Escalation.objects.filter(ticket=urgent).latest("id")
    assert (latest.reason, latest.state) == ("update", "ringing")


def test_a_broken_promise_of_a_normal_ticket_rings_nobody_but_tells_the_leads(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer)
    clock.forward(hours=9)
    handle_due()
    assert not Escalation.objects.filter(ticket=ticket).exists()
    assert not Deadline.objects.exclude(last_error="").values_list("last_error")
    told = Delivery.objects.filter(payload__text__icontains="promise to StarCast was broken")
    assert [mail.address for mail in told] == ["chen@vigil.example"]


def test_a_resolved_ticket_closes_itself_after_a_week_unless_it_was_reopened(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    quiet, objected = factories.ticket(cast.developer), factories.ticket(cast.owner)
    staff = Viewer.of(cast.engineer)
    for ticket in (quiet, objected):
        lifecycle.reply(ticket=ticket, by=staff, body="Do this.", now=clock.now)
        lifecycle.resolve(ticket=ticket, by=staff, now=clock.now)
    lifecycle.reopen(ticket=objected, by=Viewer.of(cast.owner), now=clock.forward(days=1))
    clock.forward(days=6)
    handle_due()
    quiet.refresh_from_db()
    objected.refresh_from_db()
    assert (quiet.state, objected.state) == (State.CLOSED, State.OPEN)
    closed = Event.objects.get(verb="ticket.closed")
    assert (closed.subject, closed.actor) == (quiet.event_subject, None)
