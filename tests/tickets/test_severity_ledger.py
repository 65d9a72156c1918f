"""Who wanted which severity, why, and what came of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.viewer import SYSTEM, Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, deadlines
from tickets import lifecycle, severity
from tickets.models import SeverityChange, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db
Outcome = SeverityChange.Outcome


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


@pytest.fixture
def normal(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


def change(
    ticket: Ticket, by: Viewer, to: Severity, reason: str = "It is.", minute: float = 1
) -> SeverityChange:
    row = severity.change(ticket=ticket, by=by, to=to, reason=reason, now=after(minute))
    ticket.refresh_from_db()
    return row


def test_the_first_row_is_what_the_ticket_was_opened_with(urgent: Ticket) -> None:
    row = SeverityChange.objects.get()
    assert (row.before, row.after, row.outcome, row.by_name) == ("", "urgent", "applied", "Bob Lin")


@pytest.mark.parametrize("to", [Severity.IMPORTANT, Severity.NORMAL])
def test_the_customers_word_counts_at_once_downwards(
    cast: SimpleNamespace, urgent: Ticket, to: Severity
) -> None:
    assert change(urgent, Viewer.of(cast.owner), to, reason="").outcome == Outcome.APPLIED
    assert (urgent.severity, urgent.customer_severity, urgent.staff_severity) == (to, to, "")


@pytest.mark.parametrize("who", ["developer", "engineer", "lead"])
def test_a_raise_counts_at_once_whoever_says_so_and_rings(
    cast: SimpleNamespace, normal: Ticket, who: str
) -> None:
    by = Viewer.of(getattr(cast, who))
    row = change(normal, by, Severity.URGENT, reason="")
    assert (row.outcome, row.by_staff, normal.severity) == ("applied", by.is_staff, "urgent")
    assert deadlines(normal.event_subject, "ladder.start") == [after(1)]


def test_a_raise_that_is_not_urgent_rings_nobody(cast: SimpleNamespace, normal: Ticket) -> None:
    change(normal, Viewer.of(cast.developer), Severity.IMPORTANT)
    assert deadlines(normal.event_subject, "ladder.start") == []


def test_a_downgrade_by_staff_is_a_proposal(cast: SimpleNamespace, urgent: Ticket) -> None:
    row = change(urgent, Viewer.of(cast.engineer), Severity.NORMAL, reason=" Test \n app only ")
    assert (row.outcome, row.reason) == (Outcome.PROPOSED, "Test app only")
    assert (urgent.severity, urgent.customer_severity, urgent.staff_severity) == (
        "urgent",
        "urgent",
        "normal",
    )
    assert urgent.promises.get(kind="response").due_at == after(15)


@pytest.mark.parametrize("who", ["engineer", "lead"])
def test_a_downgrade_by_staff_needs_a_reason(
    cast: SimpleNamespace, urgent: Ticket, who: str
) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        change(urgent, Viewer.of(getattr(cast, who)), Severity.NORMAL, reason="  ")


def test_a_reason_that_is_too_long_is_refused_with_the_limit(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    with pytest.raises(ValidationError, match="at most 500 fit") as caught:
        change(urgent, Viewer.of(cast.engineer), Severity.NORMAL, reason="x" * 501)
    assert "reason" in caught.value.message_dict


def test_a_manager_decides_with_their_name(cast: SimpleNamespace, urgent: Ticket) -> None:
    row = change(urgent, Viewer.of(cast.lead), Severity.NORMAL)
    assert (row.outcome, row.by_name, urgent.severity) == (Outcome.DECIDED, "Chen Yu", "normal")
    assert urgent.customer_severity == "urgent", "what the customer thinks is not rewritten"
    assert urgent.promises.get(kind="response").due_at == after(15), "nor what is promised"


def test_the_customer_agrees(cast: SimpleNamespace, urgent: Ticket) -> None:
    change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    row = severity.answer_proposal(
        ticket=urgent, by=Viewer.of(cast.owner), agree=True, now=after(2)
    )
    urgent.refresh_from_db()
    assert (row.outcome, row.answered_by_name, row.answered_at) == (
        Outcome.AGREED,
        "Olivia Owner",
        after(2),
    )
    assert (urgent.severity, urgent.customer_severity) == ("normal", "normal")
    assert urgent.promises.get(kind="response").due_at == after(480)


def test_the_customer_refuses(cast: SimpleNamespace, urgent: Ticket) -> None:
    change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    row = severity.answer_proposal(
        ticket=urgent, by=Viewer.of(cast.developer), agree=False, now=after(2)
    )
    urgent.refresh_from_db()
    assert (row.outcome, urgent.severity, urgent.staff_severity) == (
        Outcome.REFUSED,
        "urgent",
        "normal",
    )
    assert urgent.promises.get(kind="response").due_at == after(15)


def test_a_proposal_is_answered_once(cast: SimpleNamespace, urgent: Ticket) -> None:
    change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    customer = Viewer.of(cast.developer)
    severity.answer_proposal(ticket=urgent, by=customer, agree=False, now=after(2))
    with pytest.raises(ValidationError, match="no proposal to answer any more"):
        severity.answer_proposal(ticket=urgent, by=customer, agree=True, now=after(3))


def test_a_second_proposal_overtakes_the_first(cast: SimpleNamespace, urgent: Ticket) -> None:
    first = change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    second = change(urgent, Viewer.of(cast.second), Severity.IMPORTANT, minute=2)
    first.refresh_from_db()
    assert (first.outcome, first.answered_by_name) == (Outcome.SUPERSEDED, "Li Wei")
    assert second.outcome == Outcome.PROPOSED


def test_the_customers_own_change_overtakes_a_proposal(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    proposal = change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    change(urgent, Viewer.of(cast.developer), Severity.IMPORTANT, minute=2)
    proposal.refresh_from_db()
    assert (proposal.outcome, urgent.severity) == (Outcome.SUPERSEDED, "important")
    with pytest.raises(ValidationError, match="no proposal"):
        severity.answer_proposal(
            ticket=urgent, by=Viewer.of(cast.developer), agree=True, now=after(3)
        )


def test_a_managers_decision_overtakes_a_proposal(cast: SimpleNamespace, urgent: Ticket) -> None:
    proposal = change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    change(urgent, Viewer.of(cast.lead), Severity.IMPORTANT, minute=2)
    proposal.refresh_from_db()
    assert (proposal.outcome, urgent.severity) == (Outcome.SUPERSEDED, "important")


def test_staff_cannot_consent_for_the_customer(cast: SimpleNamespace, urgent: Ticket) -> None:
    change(urgent, Viewer.of(cast.engineer), Severity.NORMAL)
    for person in (cast.engineer, cast.lead, cast.viewer, cast.stranger):
        with pytest.raises(PermissionDenied):
            severity.answer_proposal(ticket=urgent, by=Viewer.of(person), agree=True, now=after(2))


def test_what_already_is_cannot_be_wished(cast: SimpleNamespace, normal: Ticket) -> None:
    with pytest.raises(ValidationError, match="already is “Normal”"):
        change(normal, Viewer.of(cast.developer), Severity.NORMAL)
    assert SeverityChange.objects.count() == 1


def test_only_people_say_how_severe_it_is(normal: Ticket) -> None:
    with pytest.raises(ValueError, match="Only a person"):
        change(normal, SYSTEM, Severity.URGENT)


def test_a_solved_ticket_is_graded_no_more(cast: SimpleNamespace, normal: Ticket) -> None:
    lifecycle.resolve(ticket=normal, by=Viewer.of(cast.developer), now=NOON)
    with pytest.raises(ValidationError, match="while the ticket is “Resolved”"):
        change(normal, Viewer.of(cast.developer), Severity.URGENT)


def test_each_step_is_one_event_without_the_reason(cast: SimpleNamespace, urgent: Ticket) -> None:
    change(urgent, Viewer.of(cast.engineer), Severity.NORMAL, reason="Between us")
    severity.answer_proposal(ticket=urgent, by=Viewer.of(cast.owner), agree=True, now=after(2))
    said = Event.objects.filter(verb="severity.changed").order_by("id")
    assert [event.data["outcome"] for event in said] == ["proposed", "agreed"]
    assert not any("Between us" in str(event.data) for event in said)


def test_a_customer_who_raises_what_waited_for_them_waits_no_more(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    staff, customer = Viewer.of(cast.engineer), Viewer.of(cast.developer)
    lifecycle.reply(ticket=ticket, by=staff, body="Which version?", ask_customer=True, now=NOON)
    severity.change(ticket=ticket, by=customer, to=Severity.URGENT, reason="", now=NOON)
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN
    assert not ticket.promises.filter(state="paused").exists()


def test_staff_who_raise_what_waits_for_the_customer_still_wait(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=ticket, by=staff, body="Which version?", ask_customer=True, now=NOON)
    severity.change(ticket=ticket, by=staff, to=Severity.URGENT, reason="", now=NOON)
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING
