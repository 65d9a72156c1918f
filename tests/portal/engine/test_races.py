"""Real threads on a real database: every race has one winner and nobody waits for a deadlock."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts import agenda
from accounts.models import Deadline, Event, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from portal.engine import deadlines, deliveries
from portal.engine.handlers import HANDLERS
from tests import factories
from tests.cast import make_cast
from tickets import escalation, ringing
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity

THREADS = 20


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        return make_cast()


@pytest.fixture
def at_once() -> Iterator[Callable[..., list[Any]]]:
    """Call functions at the same moment, each in a thread with a connection of its own."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda calls: _together(pool, calls)
        everybody = threading.Barrier(THREADS)

        def close() -> None:
            everybody.wait(10)
            connection.close()

        for done in [pool.submit(close) for _ in range(THREADS)]:
            done.result()


def _together(pool: ThreadPoolExecutor, calls: list[Callable[[], Any]]) -> list[Any]:
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(10)
        return call()

    return [done.result() for done in [pool.submit(run, call) for call in calls]]


def ringing_tickets(cast: SimpleNamespace, count: int) -> list[Ticket]:
    with acting_as(DatabaseRole.ENGINE) as now:
        tickets = [
            factories.ticket(cast.developer, severity=Severity.URGENT, now=now)
            for _ in range(count)
        ]
    while deadlines.handle_next(promises=True):
        pass
    return tickets


def test_of_a_thousand_simultaneous_acknowledgements_each_ticket_has_one_winner(
    cast: SimpleNamespace, at_once: Callable[..., list[Any]]
) -> None:
    """Abuse case 51."""
    with acting_as(DatabaseRole.ENGINE):
        engineers = [factories.engineer(f"Engineer {n}") for n in range(THREADS)]
    tickets = ringing_tickets(cast, 50)

    def acknowledge(ticket: Ticket, person: User) -> escalation.Acknowledgement:
        with acting_as(DatabaseRole.STAFF, user_id=person.pk) as now:
            return escalation.acknowledge(ticket=ticket, by=Viewer.of(person), now=now)

    for ticket in tickets:
        answers = at_once([lambda p=p, t=ticket: acknowledge(t, p) for p in engineers])
        assert sum(answer.taken for answer in answers) == 1
        assert len({answer.by_name for answer in answers}) == 1
    with acting_as(DatabaseRole.ENGINE):
        acknowledged = Event.objects.filter(verb="page.acknowledged")
        assert Counter(acknowledged.values_list("subject", flat=True)) == {
            ticket.event_subject: 1 for ticket in tickets
        }
        owners = dict(Ticket.objects.values_list("pk", "owner__name"))
        winners = dict(Escalation.objects.values_list("ticket_id", "acknowledged_by_name"))
        assert owners == winners


def test_many_engines_handle_each_deadline_once(
    cast: SimpleNamespace, at_once: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(row: Deadline, now: dt.datetime) -> None:
        Event.objects.create(verb="handled", subject=row.key, at=now)

    monkeypatch.setitem(HANDLERS, "ladder.start", note)
    with acting_as(DatabaseRole.ENGINE) as now:
        for number in range(200):
            agenda.schedule(
                kind="ladder.start",
                key=f"row {number}",
                due_at=now,
                subject="test",
                organization_id=None,
            )

    def work() -> int:
        count = 0
        while deadlines.handle_next(promises=True):
            count += 1
        return count

    shares = at_once([work] * 8)
    assert sum(shares) == 200
    with acting_as(DatabaseRole.ENGINE):
        handled = Counter(Event.objects.filter(verb="handled").values_list("subject", flat=True))
        assert set(handled.values()) == {1}
        assert len(handled) == 200


def test_acknowledging_at_the_moment_of_the_next_step_is_no_deadlock(
    cast: SimpleNamespace, at_once: Callable[..., list[Any]]
) -> None:
    """Both want the ticket and the step's deadline; neither waits for the other in a circle."""
    tickets = ringing_tickets(cast, 20)
    with acting_as(DatabaseRole.ENGINE) as now:
        Deadline.objects.filter(kind=ringing.STEP).update(claimable_at=now)

    def acknowledge(ticket: Ticket) -> bool:
        with acting_as(DatabaseRole.STAFF, user_id=cast.second.pk) as now:
            viewer = Viewer.of(cast.second)
            return escalation.acknowledge(ticket=ticket, by=viewer, now=now).taken

    began = timezone.now()
    for ticket in tickets:
        with acting_as(DatabaseRole.ENGINE):
            others = Deadline.objects.filter(kind=ringing.STEP, settled_at=None)
            subject = Escalation.objects.get(ticket=ticket).event_subject
            others.exclude(subject=subject).update(claimable_at=now + dt.timedelta(hours=1))
            others.filter(subject=subject).update(claimable_at=now)
        taken, _handled = at_once(
            [lambda t=ticket: acknowledge(t), lambda: deadlines.handle_next(promises=True)]
        )
        assert taken
    assert (timezone.now() - began).total_seconds() < 20 * 0.9  # PostgreSQL looks after a second
    with acting_as(DatabaseRole.ENGINE):
        assert not Deadline.objects.filter(attempts__gt=0).exists()
        assert not Escalation.objects.exclude(state="acked").exists()


def test_many_senders_claim_each_page_once(
    cast: SimpleNamespace, at_once: Callable[..., list[Any]]
) -> None:
    ringing_tickets(cast, 40)

    def claim() -> list[str]:
        keys: list[str] = []
        while rows := deliveries.claim(deliveries.PAGES_BY_MAIL, 3):
            keys += [row.key for row in rows]
        return keys

    keys = [key for share in at_once([claim] * 6) for key in share]
    assert len(keys) == len(set(keys)) == 40
