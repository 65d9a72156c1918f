"""Verbs at the same moment, in threads and with real commits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.access import Role
from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories
from tickets import escalation, lifecycle, promises, ringing
from tickets.models import Escalation, Promise, Ticket
from tickets.models.ticket import Severity


@pytest.fixture
def people(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        star = factories.organization("StarCast", key="STAR")
        developer = factories.member(star, Role.DEVELOPER, "Bob Lin")
        engineers = [factories.engineer(f"Engineer {number}") for number in range(3)]
        factories.team(*engineers)
        return SimpleNamespace(
            star=star,
            customer=Viewer.of(developer),
            staff=[Viewer.of(engineer) for engineer in engineers],
        )


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, all let go together; a failure is raised here."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            ready.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@contextmanager
def refused() -> Iterator[None]:
    """What the state machine refuses, because another was faster, is no failure."""
    try:
        yield
    except (ValidationError, escalation.NothingRinging):
        pass


def urgent(people: SimpleNamespace, subject: str = "Down") -> Ticket:
    with acting_for(people.customer) as now:
        return lifecycle.open_ticket(
            by=people.customer,
            organization=people.star,
            subject=subject,
            body="Nothing arrives.",
            severity=Severity.URGENT,
            now=now,
        )


def handle(kind: str, subject: str, verb: Callable[[Deadline, Any], Any]) -> None:
    """As the engine does: the deadline locked, handled and settled in one transaction."""
    with acting_as(DatabaseRole.ENGINE) as now:
        row = (
            Deadline.objects.filter(kind=kind, subject=subject, settled_at=None)
            .select_for_update(skip_locked=True)
            .first()
        )
        if row is not None:
            verb(row, now)
            row.settled_at = now
            row.save(update_fields=["settled_at"])


def test_tickets_opened_at_once_have_distinct_consecutive_numbers(people: SimpleNamespace) -> None:
    def opened(number: int) -> Callable[[], int]:
        def act() -> int:
            with acting_for(people.customer) as now:
                mine = people.customer.user.membership_set.get().organization
                return lifecycle.open_ticket(
                    by=people.customer,
                    organization=mine,
                    subject=f"Problem {number}",
                    body="b",
                    severity=Severity.NORMAL,
                    now=now,
                ).number

        return act

    numbers = at_once(*map(opened, range(10)))
    assert sorted(numbers) == list(range(1, 11))


@pytest.mark.parametrize("round_", range(4))
def test_everything_at_once_neither_locks_up_nor_doubles_a_promise(
    people: SimpleNamespace, round_: int
) -> None:
    ticket = urgent(people)
    with acting_as(DatabaseRole.ENGINE) as now:
        rung = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
    assert rung is not None
    response = _response(ticket)

    def reply(by: Viewer, **more: Any) -> Callable[[], None]:
        def act() -> None:
            with refused(), acting_for(by) as now:
                lifecycle.reply(ticket=ticket, by=by, body="b", now=now, **more)

        return act

    def acknowledge() -> None:
        with refused(), acting_for(people.staff[1]) as now:
            escalation.acknowledge(ticket=ticket, by=people.staff[1], now=now)

    def resolve() -> None:
        with refused(), acting_for(people.customer) as now:
            lifecycle.resolve(ticket=ticket, by=people.customer, now=now)

    def step() -> None:
        handle(
            ringing.STEP,
            rung.event_subject,
            lambda row, now: escalation.next_step(
                escalation=rung, index=row.data["index"], now=now
            ),
        )

    def look() -> None:
        handle(
            promises.DEADLINE,
            response,
            lambda row, now: promises.ran_out(Promise.objects.get(pk=row.data["promise"]), now=now),
        )

    at_once(
        reply(people.staff[0]),
        reply(people.staff[2], ask_customer=True),
        reply(people.customer),
        acknowledge,
        resolve,
        step,
        look,
    )
    with acting_as(DatabaseRole.ENGINE):
        kinds = list(
            Promise.objects.filter(
                ticket=ticket, state__in=[Promise.State.RUNNING, Promise.State.PAUSED]
            ).values_list("kind", flat=True)
        )
        assert len(kinds) == len(set(kinds))
        assert Escalation.objects.filter(ticket=ticket).count() == 1


def _response(ticket: Ticket) -> str:
    with acting_as(DatabaseRole.ENGINE):
        return f"promise/{Promise.objects.get(ticket=ticket, kind='response').pk}"


def test_the_engine_with_a_deadline_in_its_hands_does_not_lock_up_an_acknowledgement(
    people: SimpleNamespace,
) -> None:
    """It holds the deadline and wants the ticket; the other holds the ticket first."""
    ticket = urgent(people)
    with acting_as(DatabaseRole.ENGINE) as now:
        rung = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
    assert rung is not None
    held, asked = threading.Event(), threading.Event()

    def engine() -> None:
        def ring(row: Deadline, now: Any) -> None:
            held.set()
            assert asked.wait(10)
            escalation.next_step(escalation=rung, index=row.data["index"], now=now)

        handle(ringing.STEP, rung.event_subject, ring)

    def engineer() -> bool:
        with acting_for(people.staff[0]) as now:
            assert held.wait(10)
            lifecycle.locked(ticket)
            asked.set()
            return escalation.acknowledge(ticket=ticket, by=people.staff[0], now=now).taken

    assert at_once(engine, engineer) == [None, True]
    with acting_as(DatabaseRole.ENGINE):
        assert Escalation.objects.get().pages.count() == 1, "nobody is rung after that"
