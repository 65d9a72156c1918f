"""The life of a ticket, verb by verb."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Deadline, Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle
from tickets.models import Promise, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


def promise(ticket: Ticket, kind: str) -> Promise:
    return Promise.objects.filter(ticket=ticket, kind=kind).latest("id")


def test_tickets_are_numbered_per_organization(cast: SimpleNamespace) -> None:
    first = factories.ticket(cast.developer)
    other = factories.ticket(cast.stranger)
    second = factories.ticket(cast.owner)
    assert [first.reference, second.reference, other.reference] == ["STAR-1", "STAR-2", "BRIT-1"]


def test_an_urgent_ticket_promises_an_answer_within_the_plans_time(urgent: Ticket) -> None:
    assert promise(urgent, "response").due_at == NOON + minutes(15)
    assert promise(urgent, "resolution").due_at == NOON + minutes(240)


def test_an_urgent_ticket_has_its_ladder_rung_at_once(urgent: Ticket) -> None:
    row = Deadline.objects.get(kind="ladder.start")
    assert row.due_at == NOON
    assert row.data == {"ticket": urgent.pk, "reason": "urgent"}


def test_every_verb_records_exactly_one_event_of_its_own(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.developer), body="Hello?", now=NOON)
    verbs = list(Event.objects.about(urgent.event_subject).values_list("verb", flat=True))
    assert verbs == ["ticket.opened", "ticket.replied"]


def test_only_a_reply_by_staff_stops_the_response_clock(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.developer), body="Hello?", now=NOON)
    lifecycle.add_note(ticket=urgent, by=Viewer.of(cast.engineer), body="Looking.", now=NOON)
    assert promise(urgent, "response").state == Promise.State.RUNNING
    at = NOON + minutes(6)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="On it.", now=at)
    answered = promise(urgent, "response")
    assert (answered.state, answered.met_at, answered.kept) == (Promise.State.MET, at, True)


def test_an_answer_promises_the_next_update_while_urgent_and_unsolved(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    at = NOON + minutes(6)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="On it.", now=at)
    assert promise(urgent, "update").due_at == at + minutes(30)
    later = at + minutes(20)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="Found it.", now=later)
    assert promise(urgent, "update").due_at == later + minutes(30)


def test_a_reply_reopens_a_resolved_ticket_with_clocks_of_its_own(
    cast: SimpleNamespace,
) -> None:
    ticket = factories.ticket(cast.developer)
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=ticket, by=staff, body="Do this.", now=NOON)
    lifecycle.resolve(ticket=ticket, by=staff, now=NOON)
    later = NOON + minutes(60)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="It is back.", now=later)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.cycle) == (State.OPEN, 2)
    assert promise(ticket, "response").started_at == later
    assert Promise.objects.filter(ticket=ticket, kind="response").count() == 2


def test_a_closed_ticket_takes_no_reply_and_says_why(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    with pytest.raises(ValidationError, match="closed. Reopen it first"):
        lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="More.", now=NOON)


def test_waiting_for_the_customer_pauses_the_solution_but_no_urgent_clock(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    normal = factories.ticket(cast.developer)
    staff = Viewer.of(cast.engineer)
    for ticket in (normal, urgent):
        lifecycle.reply(
            ticket=ticket, by=staff, body="Which SDK version?", ask_customer=True, now=NOON
        )
    assert promise(normal, "resolution").state == Promise.State.PAUSED
    assert promise(urgent, "resolution").state == Promise.State.RUNNING
    back = NOON + minutes(90)
    lifecycle.reply(ticket=normal, by=Viewer.of(cast.developer), body="5.2.1", now=back)
    resumed = promise(normal, "resolution")
    assert resumed.due_at == NOON + dt.timedelta(days=5) + minutes(90)


def test_a_viewer_may_not_write(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    with pytest.raises(PermissionDenied, match="role does not allow"):
        lifecycle.reply(ticket=ticket, by=Viewer.of(cast.viewer), body="Hi", now=NOON)
