"""Handing a ticket over: who may, what is refused, and what customers see of it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Delivery, Event, User
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after
from tickets import handover, lifecycle, ownership
from tickets.models import Handover, Promise, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    """Normal, and the engineer's."""
    made = factories.ticket(cast.developer)
    ownership.assign(ticket=made, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    made.refresh_from_db()
    return made


def propose(cast: SimpleNamespace, ticket: Ticket, **more: Any) -> Handover:
    arguments: dict[str, Any] = {
        "by": Viewer.of(cast.engineer),
        "to": cast.second,
        "note": "Waits for their logs.",
        "now": NOON,
    }
    return handover.propose(ticket=ticket, **(arguments | more))


def accept(made: Handover, person: Any, now: dt.datetime) -> Handover:
    viewer = Viewer.of(person)
    with acting_for(viewer):
        return handover.accept(handover=made, by=viewer, now=now)


def test_by_hand_it_stays_whose_it_is_until_it_is_accepted(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    made = propose(cast, ticket)
    ticket.refresh_from_db()
    assert ticket.owner == cast.engineer
    accept(made, cast.second, after(5))
    ticket.refresh_from_db()
    assert ticket.owner == cast.second


def test_each_verb_records_one_event(cast: SimpleNamespace, ticket: Ticket) -> None:
    seen = Event.objects.count()
    made = propose(cast, ticket)
    handover.write_note(handover=made, by=Viewer.of(cast.engineer), note="More.", now=after(1))
    accept(made, cast.second, after(5))
    new = Event.objects.order_by("pk")[seen:]
    assert [(event.verb, event.internal) for event in new] == [
        ("handover.proposed", True),
        ("handover.noted", True),
        ("ticket.handed_over", False),
    ]


def test_the_note_is_in_no_event_and_no_mail(cast: SimpleNamespace, ticket: Ticket) -> None:
    made = propose(cast, ticket, note="CANARY in a handover")
    accept(made, cast.second, after(5))
    assert "CANARY" not in str(list(Event.objects.values_list("data", flat=True)))
    assert "CANARY" not in str(list(Delivery.objects.values_list("payload", flat=True)))


def test_accepting_twice_is_one_handover(cast: SimpleNamespace, ticket: Ticket) -> None:
    made = propose(cast, ticket)
    accept(made, cast.second, after(5))
    accept(made, cast.second, after(6))
    assert Event.objects.filter(verb="ticket.handed_over").count() == 1


def test_whoever_is_second_reads_who_was_first(cast: SimpleNamespace, ticket: Ticket) -> None:
    made = propose(cast, ticket)
    accept(made, cast.second, after(5))
    with pytest.raises(ValidationError, match="Li Wei was first"):
        accept(made, cast.lead, after(6))


def test_the_one_who_hands_over_cannot_accept(cast: SimpleNamespace, ticket: Ticket) -> None:
    with pytest.raises(ValidationError, match="yours already"):
        accept(propose(cast, ticket), cast.engineer, after(1))


def test_no_customer_hands_over_writes_or_accepts(cast: SimpleNamespace, ticket: Ticket) -> None:
    made, customer = propose(cast, ticket), Viewer.of(cast.owner)
    with pytest.raises(PermissionDenied):
        handover.accept(handover=made, by=customer, now=NOON)
    with pytest.raises(PermissionDenied):
        handover.write_note(handover=made, by=customer, note="x", now=NOON)
    with pytest.raises(PermissionDenied):
        propose(cast, ticket, by=customer)


def test_only_who_hands_over_writes_the_note(cast: SimpleNamespace, ticket: Ticket) -> None:
    made = propose(cast, ticket)
    with pytest.raises(PermissionDenied):
        handover.write_note(handover=made, by=Viewer.of(cast.second), note="x", now=NOON)


@pytest.mark.parametrize(
    ("note", "why"), [("", "write something"), ("a\x00b", "NUL"), ("x" * 50_001, "50")]
)
def test_a_note_that_cannot_be_kept_is_refused(
    cast: SimpleNamespace, ticket: Ticket, note: str, why: str
) -> None:
    made = propose(cast, ticket)
    with pytest.raises(ValidationError, match=why):
        handover.write_note(handover=made, by=Viewer.of(cast.engineer), note=note, now=NOON)


def test_to_nobody_of_ours_or_to_the_owner_it_is_refused(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    for person in (cast.owner, cast.engineer):
        with pytest.raises(ValidationError):
            propose(cast, ticket, to=person)
    User.objects.filter(pk=cast.second.pk).update(is_active=False)
    cast.second = User.objects.get(pk=cast.second.pk)
    with pytest.raises(ValidationError, match="engineer of ours"):
        propose(cast, ticket)
    assert not Handover.objects.exists()


def test_a_ticket_nobody_has_is_assigned_instead(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="assign it instead"):
        propose(cast, factories.ticket(cast.developer))


def test_a_solved_ticket_is_not_handed_over(cast: SimpleNamespace, ticket: Ticket) -> None:
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    with pytest.raises(ValidationError, match="closed"):
        propose(cast, ticket)


def test_what_was_solved_meanwhile_cannot_be_accepted(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    made = propose(cast, ticket)
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=after(1))
    with pytest.raises(ValidationError, match="nothing to hand over"):
        accept(made, cast.second, after(2))


def test_proposed_anew_it_waits_for_the_other_and_keeps_its_note(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    first = propose(cast, ticket)
    again = propose(cast, ticket, to=cast.lead, note="", now=after(1))
    assert (again.pk, again.to_person, again.note) == (first.pk, cast.lead, first.note)


def clocks() -> list[tuple[object, ...]]:
    return list(Promise.objects.order_by("pk").values_list("due_at", "state", "started_at"))


def test_accepting_moves_no_clock(cast: SimpleNamespace) -> None:
    urgent = factories.ticket(cast.developer, severity=Severity.URGENT)
    ownership.assign(ticket=urgent, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    urgent.refresh_from_db()
    before = clocks()
    accept(propose(cast, urgent), cast.second, after(5))
    assert clocks() == before


def test_customers_read_from_whom_to_whom_and_never_the_note(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    accept(propose(cast, ticket, note="CANARY in a handover"), cast.second, after(5))
    page = browser_of(cast.developer).get("/tickets/STAR-1/").content.decode()
    assert "Handed over from Zhao Min to Li Wei" in page
    assert "CANARY" not in page
    workspace = browser_of(cast.lead).get("/admin/ticket/STAR-1/").content.decode()
    assert "CANARY in a handover" in workspace
