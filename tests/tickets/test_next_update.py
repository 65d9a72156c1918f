"""An engineer promises a time in a reply: the customer sees it, and it rings when it runs out."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Deadline, Event
from accounts.viewer import Viewer
from portal.engine import promises as engine
from tests import factories
from tests.tickets.scenes import after, answer, deadlines, promise, write
from tickets import ledger, lifecycle, next_update, promises, severity
from tickets.models import Escalation, Promise, Ticket
from tickets.models.ticket import Severity
from tickets.sla.facts import FactKind

pytestmark = pytest.mark.django_db
ODD = dt.timedelta(microseconds=123456)


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


def update(ticket: Ticket) -> Promise:
    return promise(ticket, "update")


def regrade(cast: SimpleNamespace, ticket: Ticket, to: Severity, at: dt.datetime) -> None:
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=to, reason="r", now=at)


def test_the_clock_is_due_at_the_very_instant(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5) + ODD, next_update_at=after(65))
    given = update(ticket)
    assert (given.state, given.due_at, given.promised_by_name) == ("running", after(65), "Zhao Min")
    assert deadlines(f"promise/{given.pk}") == [after(65) + dt.timedelta(milliseconds=1)]
    assert ledger.clock(given).due_at == after(65)


def test_the_ledger_says_who_promised_it_and_when(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65))
    first = update(ticket).facts.get()
    assert (first.kind, first.at, first.until) == (FactKind.STARTED, after(5), after(65))
    assert (first.actor, first.actor_name) == (cast.engineer, "Zhao Min")
    assert first.reason == "promised in a reply"
    assert first.policy


def test_the_next_reply_meets_it(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65))
    answer(cast, ticket, after(60))
    given = update(ticket)
    assert (given.state, given.met_at, given.kept) == ("met", after(60), True)


def test_a_promise_may_follow_a_promise(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65))
    answer(cast, ticket, after(30), next_update_at=after(200))
    assert list(ticket.promises.filter(kind="update").values_list("state", flat=True)) == [
        "met",
        "running",
    ]
    assert update(ticket).due_at == after(200)


@pytest.mark.parametrize("level", [Severity.NORMAL, Severity.IMPORTANT, Severity.URGENT])
def test_it_rings_when_it_runs_out_whatever_the_severity(
    cast: SimpleNamespace, level: Severity
) -> None:
    ticket = factories.ticket(cast.developer, severity=level)
    answer(cast, ticket, after(5), next_update_at=after(20))
    given = update(ticket)
    row = Deadline.objects.get(
        kind=promises.DEADLINE, subject=f"promise/{given.pk}", settled_at=None
    )
    engine.due(row, after(20) + dt.timedelta(seconds=1))
    given.refresh_from_db()
    assert (given.breached_at, given.kept) == (after(20), False)
    rung = Escalation.objects.get(ticket=ticket)
    assert rung.reason == Escalation.Reason.UPDATE_BREACHED
    assert [page.person_name for page in rung.pages.all()] == ["Zhao Min"]


def test_waiting_for_the_customer_does_not_stop_it(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65), ask_customer=True)
    assert promise(ticket, "resolution").state == "paused"
    assert (update(ticket).state, update(ticket).due_at) == ("running", after(65))
    write(cast, ticket, after(30))
    assert (update(ticket).state, update(ticket).due_at) == ("running", after(65))


def test_a_customers_reply_does_not_meet_it(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65))
    write(cast, ticket, after(30))
    assert update(ticket).is_open


def test_a_solved_ticket_owes_no_update(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(65))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(10))
    assert update(ticket).state == "cancelled"
    with pytest.raises(ValidationError, match="solved"):
        answer(cast, ticket, after(11), next_update_at=after(65))


@pytest.mark.parametrize("minutes", [5, 4, -600])
def test_the_past_and_the_present_cannot_be_promised(
    cast: SimpleNamespace, ticket: Ticket, minutes: float
) -> None:
    with pytest.raises(ValidationError, match="future"):
        answer(cast, ticket, after(5), next_update_at=after(minutes))
    assert not ticket.promises.filter(kind="update").exists()
    assert ticket.entries.count() == 1


def test_no_later_than_the_plan_promises_anyway(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    with pytest.raises(ValidationError, match=r"every 30 min: by .*12:35 at the latest"):
        answer(cast, ticket, after(5), next_update_at=after(35) + ODD)
    assert ticket.entries.count() == 1
    answer(cast, ticket, after(5), next_update_at=after(35))
    assert update(ticket).due_at == after(35)


def test_at_most_thirty_days_where_the_plan_promises_none(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    month = after(5) + next_update.LONGEST
    with pytest.raises(ValidationError, match="within 30 days"):
        answer(cast, ticket, after(5), next_update_at=month + dt.timedelta(seconds=1))
    answer(cast, ticket, after(5), next_update_at=month)
    assert update(ticket).due_at == month


def test_customers_promise_no_updates_of_ours(cast: SimpleNamespace, ticket: Ticket) -> None:
    with pytest.raises(ValidationError, match="Only our engineers"):
        lifecycle.reply(
            ticket=ticket,
            by=Viewer.of(cast.developer),
            body="b",
            now=after(5),
            next_update_at=after(10),
        )


def test_a_reply_without_one_leaves_the_plans_cadence(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    answer(cast, ticket, after(5))
    assert (update(ticket).due_at, update(ticket).promised_by_name) == (after(35), "")
    event = Event.objects.get(verb="ticket.replied")
    assert "next_update_at" not in event.data


def test_a_raise_draws_it_in_and_says_so(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5) + ODD, next_update_at=after(300))
    regrade(cast, ticket, Severity.URGENT, after(10))
    given = update(ticket)
    assert given.due_at is not None
    assert abs(given.due_at - after(40)) <= dt.timedelta(seconds=1)
    assert [fact.kind for fact in given.facts.all()] == ["started", "retargeted"]


def test_a_raise_leaves_what_was_promised_sooner(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(20))
    regrade(cast, ticket, Severity.URGENT, after(10))
    assert update(ticket).due_at == after(20)
    assert update(ticket).facts.count() == 1


def test_a_downgrade_takes_nothing_back(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    answer(cast, ticket, after(5), next_update_at=after(30))
    regrade(cast, ticket, Severity.NORMAL, after(10))
    assert (update(ticket).state, update(ticket).due_at) == ("running", after(30))


def test_the_engine_hears_of_it_once(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), next_update_at=after(20))
    assert promises.ran_out(update(ticket), now=after(21))
    assert deadlines(f"promise/{update(ticket).pk}") == []
