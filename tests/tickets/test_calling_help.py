"""An engineer calls people of a higher level, and says why."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Deadline, Event, StaffProfile
from accounts.viewer import Viewer
from portal.engine import ladders
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer
from tickets import calling_help, escalation, lifecycle
from tickets.models import Entry, Escalation, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
State = Escalation.State


@pytest.fixture
def owned(cast: SimpleNamespace) -> Ticket:
    """An urgent ticket the engineer has taken and answered."""
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.engineer), now=after(1))
    answer(cast, ticket, after(2))
    Deadline.objects.filter(kind="ladder.acknowledge").delete()
    ticket.refresh_from_db()
    return ticket


def call(cast: SimpleNamespace, ticket: Ticket, level: str, reason: str = "Beyond me.") -> None:
    calling_help.escalate(
        ticket=ticket, by=Viewer.of(cast.engineer), level=level, reason=reason, now=after(5)
    )
    row = Deadline.objects.filter(kind="ladder.start").latest("due_at")
    ladders.start(row, after(5))


def steps(ticket: Ticket) -> list[list[str]]:
    run = Escalation.objects.filter(ticket=ticket).latest("id")
    return [[one["name"] for one in step["people"]] for step in run.ladder["steps"]]


def test_those_on_duty_of_the_level_are_rung_then_leads_then_managers(
    cast: SimpleNamespace, owned: Ticket
) -> None:
    boss = factories.engineer("Big Boss", level="L1", is_manager=True)
    call(cast, owned, "L3")
    assert steps(owned) == [["Li Wei", "Chen Yu"], [], [boss.name]]
    run = Escalation.objects.latest("id")
    assert (run.reason, run.level, run.state) == ("manual", "L3", State.RINGING)
    rung = Page.objects.filter(escalation=run).values_list("person_name", flat=True)
    assert sorted(rung) == ["Chen Yu", "Li Wei"]


def test_called_for_a_lead_no_others_are_rung(cast: SimpleNamespace, owned: Ticket) -> None:
    call(cast, owned, "lead")
    assert steps(owned) == [["Chen Yu"], []]


def test_who_calls_is_not_rung(cast: SimpleNamespace, owned: Ticket) -> None:
    call(cast, owned, "L2")
    assert steps(owned)[0] == ["Li Wei", "Chen Yu"]


def test_who_is_not_qualified_is_not_rung_while_others_are(
    cast: SimpleNamespace, owned: Ticket
) -> None:
    StaffProfile.objects.filter(user=cast.second).update(languages=["de"])
    call(cast, owned, "L3")
    assert steps(owned)[0] == ["Chen Yu"]


def test_the_owner_stays_responsible_until_somebody_takes_it(
    cast: SimpleNamespace, owned: Ticket
) -> None:
    call(cast, owned, "L3")
    owned.refresh_from_db()
    assert owned.owner == cast.engineer
    escalation.acknowledge(ticket=owned, by=Viewer.of(cast.second), now=after(6))
    owned.refresh_from_db()
    assert owned.owner == cast.second


def test_what_the_caller_writes_meanwhile_does_not_stop_it(
    cast: SimpleNamespace, owned: Ticket
) -> None:
    call(cast, owned, "L3")
    lifecycle.reply(ticket=owned, by=Viewer.of(cast.engineer), body="Called L3.", now=after(6))
    ladders.acknowledge(Deadline.objects.get(kind="ladder.acknowledge"), after(6))
    assert Escalation.objects.latest("id").state == State.RINGING
    lifecycle.reply(ticket=owned, by=Viewer.of(cast.second), body="Here.", now=after(7))
    ladders.acknowledge(
        Deadline.objects.filter(kind="ladder.acknowledge").latest("due_at"), after(7)
    )
    assert Escalation.objects.latest("id").acknowledged_by == cast.second


def test_the_reason_is_a_note_and_no_customer_learns_it(
    cast: SimpleNamespace, owned: Ticket
) -> None:
    call(cast, owned, "L3", "The customer sent us garbage.")
    note = Entry.objects.get(ticket=owned, kind=Entry.Kind.NOTE)
    assert note.body == "The customer sent us garbage."
    event = Event.objects.get(verb="escalation.raised")
    assert (event.internal, event.data["level"], event.data["entry"]) == (True, "L3", note.pk)
    assert not Entry.objects.visible_to(Viewer.of(cast.developer)).filter(pk=note.pk).exists()


def test_it_takes_the_place_of_a_ladder_that_rings_for_lower_levels(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    first = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    assert first is not None
    call(cast, ticket, "L3")
    first.refresh_from_db()
    assert (first.state, first.next_at) == (State.REPLACED, None)
    assert Escalation.objects.get(state=State.RINGING).level == "L3"
    call(cast, ticket, "L2")
    assert Escalation.objects.filter(ticket=ticket).count() == 2, "it rings higher already"


@pytest.mark.parametrize(("level", "reason"), [("L3", ""), ("L3", "  \n"), ("L9", "Why not.")])
def test_without_a_reason_or_a_level_it_is_refused(
    cast: SimpleNamespace, owned: Ticket, level: str, reason: str
) -> None:
    with pytest.raises(ValidationError):
        call(cast, owned, level, reason)
    assert not Entry.objects.filter(kind=Entry.Kind.NOTE).exists()


def test_no_customer_may_call(cast: SimpleNamespace, owned: Ticket) -> None:
    with pytest.raises(PermissionDenied):
        calling_help.escalate(
            ticket=owned, by=Viewer.of(cast.owner), level="L3", reason="Now!", now=after(5)
        )


def test_a_solved_ticket_is_not_escalated(cast: SimpleNamespace, owned: Ticket) -> None:
    lifecycle.resolve(ticket=owned, by=Viewer.of(cast.engineer), now=after(4))
    with pytest.raises(ValidationError):
        call(cast, owned, "L3")
