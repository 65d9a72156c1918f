"""Who held a ticket is written down wherever its owner changes, and their time is counted."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Deadline, Delivery, Event
from accounts.viewer import SYSTEM, Viewer
from portal.engine import budgets as engine
from tests import factories
from tests.tickets.scenes import after, answer, promise, write
from tickets import escalation, level_budgets, lifecycle, ownership, policies
from tickets.models import Escalation, Holding, PolicyVersion, Promise, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
L2_BUDGET = 30 * 60


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    """A normal one under a policy with 30 minutes for L2."""
    before = PolicyVersion.objects.filter(policy__plan="premium", policy__severity="normal").latest(
        "number"
    )
    policies.publish(
        plan="premium",
        severity="normal",
        by=SYSTEM,
        now=before.valid_from + dt.timedelta(days=1),
        calendar_version=before.calendar_version,
        response_seconds=before.response_seconds,
        resolution_seconds=before.resolution_seconds,
        pauses=before.pauses,
        budgets={"L2": L2_BUDGET},
    )
    return factories.ticket(cast.developer)


def held(ticket: Ticket) -> list[tuple[str, str, dt.datetime]]:
    rows = Holding.objects.filter(ticket=ticket)
    return list(rows.values_list("person_name", "person_level", "since"))


def assign(cast: SimpleNamespace, ticket: Ticket, owner: Any, at: dt.datetime) -> None:
    ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=owner, now=at)


def test_taking_assigning_and_giving_back_are_written_down(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    answer(cast, ticket, after(5))
    assign(cast, ticket, cast.second, after(20))
    assign(cast, ticket, None, after(30))
    assert held(ticket) == [
        ("Zhao Min", "L2", after(5)),
        ("Li Wei", "L3", after(20)),
        ("", "", after(30)),
    ]
    assert Holding.objects.earliest("since").by == cast.engineer


def test_acknowledging_is_written_down(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=after(0))
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.engineer), now=after(2))
    answer(cast, ticket, after(5))
    assert held(ticket) == [("Zhao Min", "L2", after(2))]


def test_the_same_holder_again_is_no_news(cast: SimpleNamespace, ticket: Ticket) -> None:
    assign(cast, ticket, None, after(1))
    assign(cast, ticket, cast.second, after(2))
    assign(cast, ticket, cast.second, after(3))
    assert held(ticket) == [("Li Wei", "L3", after(2))]


def test_the_database_lets_nobody_rewrite_it(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5))
    with pytest.raises(DatabaseError), transaction.atomic():
        Holding.objects.update(person_name="Somebody else")
    with pytest.raises(DatabaseError), transaction.atomic():
        Holding.objects.all().delete()


def levels(ticket: Ticket, at: dt.datetime) -> dict[str, float]:
    found = level_budgets.times(solution(ticket), level_budgets.holdings_of(ticket.pk), at)
    return {one.level: one.seconds / 60 for one in found}


def solution(ticket: Ticket) -> Promise:
    return promise(ticket, "resolution")


def test_the_time_of_a_solution_is_split_by_who_held_it(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    answer(cast, ticket, after(5), ask_customer=True)
    write(cast, ticket, after(45))
    assign(cast, ticket, cast.second, after(50))
    assert levels(ticket, after(60)) == {"": 5, "L2": 5, "L3": 10}


def run(kind: str, now: dt.datetime) -> list[dt.datetime]:
    """Handle the open deadlines of that kind that are due, as the engine does; their due times."""
    handler = {level_budgets.PLAN: engine.plan, level_budgets.SPENT: engine.spent}[kind]
    rows = list(Deadline.objects.filter(kind=kind, settled_at=None, due_at__lte=now))
    for row in rows:
        handler(row, now)
        row.settled_at = now
        row.save()
    return [row.due_at for row in rows]


def planned() -> list[dt.datetime]:
    rows = Deadline.objects.filter(kind=level_budgets.SPENT, settled_at=None)
    return list(rows.values_list("due_at", flat=True))


def told() -> set[str]:
    rows = Delivery.objects.filter(payload__text__icontains="used up its 30 min")
    return set(rows.values_list("address", flat=True))


def test_the_owner_and_the_lead_are_told_once_when_it_is_used_up(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    answer(cast, ticket, after(5))
    run(level_budgets.PLAN, after(5))
    assert planned() == [after(35)]
    run(level_budgets.SPENT, after(36))
    event = Event.objects.get(verb="promise.budget_spent")
    assert (event.at, event.internal, event.data["level"]) == (after(35), True, "L2")
    assert told() == {"zhao@vigil.example", "chen@vigil.example"}
    answer(cast, ticket, after(40), ask_customer=True)
    write(cast, ticket, after(41))
    run(level_budgets.PLAN, after(41))
    run(level_budgets.SPENT, after(42))
    assert Event.objects.filter(verb="promise.budget_spent").count() == 1


def test_a_pause_moves_it_and_another_holder_strikes_it(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    answer(cast, ticket, after(5), ask_customer=True)
    run(level_budgets.PLAN, after(5))
    assert planned() == []
    write(cast, ticket, after(65))
    run(level_budgets.PLAN, after(65))
    assert planned() == [after(95)]
    assign(cast, ticket, cast.second, after(70))
    assert planned() == []
    run(level_budgets.PLAN, after(70))
    assert planned() == []


def test_a_budget_used_up_just_before_a_hand_over_is_still_told(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    """The engine was late: the ticket was handed on before it looked."""
    answer(cast, ticket, after(5))
    run(level_budgets.PLAN, after(5))
    assign(cast, ticket, cast.second, after(50))
    run(level_budgets.PLAN, after(50))
    run(level_budgets.SPENT, after(50))
    assert Event.objects.get(verb="promise.budget_spent").at == after(35)


def test_what_is_solved_is_told_of_no_more(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5))
    run(level_budgets.PLAN, after(5))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(10))
    assert planned() == []
    run(level_budgets.PLAN, after(60))
    assert planned() == []


def test_a_policy_without_budgets_plans_nothing(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.IMPORTANT)
    if solution(ticket).policy_version.budgets:
        pytest.skip("the seeds give budgets to this severity")
    answer(cast, ticket, after(5))
    assert not Deadline.objects.filter(kind=level_budgets.PLAN).exists()
