"""Claims, leases and what becomes of a message."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core import mail

from accounts import agenda
from accounts.models import Delivery, Event
from accounts.viewer import Viewer
from portal.engine import deliveries
from portal.engine.deliveries import MAIL, PAGES_BY_MAIL
from portal.senders import PermanentFailure
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock
from tickets import escalation
from tickets.models import Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


def put_down(key: str = "mail", address: str = "bob@starcast.example") -> None:
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=key,
        channel="email",
        address=address,
        subject="test",
        payload={"subject": "Hello", "text": "What was written.", "html": "<p>What</p>"},
        due_at=NOON,
        organization_id=None,
    )


def failing(problem: Exception) -> deliveries.Queue:
    def send(delivery: Delivery) -> None:
        raise problem

    return dataclasses.replace(MAIL, send=send)


@pytest.fixture
def ringing(cast: SimpleNamespace, clock: Clock, handle_due: Callable[[], None]) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    return ticket


def test_what_was_sent_is_settled_and_its_text_forgotten(
    clock: Clock, send_due: Callable[[], int]
) -> None:
    put_down()
    assert send_due() == 1
    assert send_due() == 0
    delivery = Delivery.objects.get()
    assert delivery.sent_at == clock.now
    assert delivery.payload == {"subject": "Hello"}
    assert len(mail.outbox) == 1


def test_a_claimed_message_is_nobody_elses_until_the_lease_runs_out(clock: Clock) -> None:
    put_down()
    first = deliveries.claim(MAIL, 10)
    clock.forward(seconds=MAIL.lease_seconds - 1)
    assert deliveries.claim(MAIL, 10) == []
    clock.forward(seconds=1)
    second = deliveries.claim(MAIL, 10)
    assert [row.pk for row in first] == [row.pk for row in second]
    assert (second[0].attempts, len(mail.outbox)) == (2, 0)


def test_a_sender_that_slept_past_its_lease_sends_and_writes_nothing(clock: Clock) -> None:
    put_down()
    (asleep,) = deliveries.claim(MAIL, 1)
    clock.forward(seconds=61)
    (awake,) = deliveries.claim(MAIL, 1)
    deliveries.deliver(MAIL, asleep)
    assert mail.outbox == []
    deliveries.deliver(MAIL, awake)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("problem", [None, OSError("reset")])
def test_a_lease_lost_while_sending_settles_nothing(
    clock: Clock, problem: Exception | None
) -> None:
    """The sender hangs until another has the lease; then it succeeds, or fails."""
    put_down()
    others: list[Delivery] = []

    def slow(delivery: Delivery) -> None:
        clock.forward(seconds=61)
        others.extend(deliveries.claim(MAIL, 1))
        if problem:
            raise problem

    deliveries.deliver(dataclasses.replace(MAIL, send=slow), *deliveries.claim(MAIL, 1))
    row = Delivery.objects.get()
    assert (row.sent_at, row.last_error, row.lease_token) == (None, "", others[0].lease_token)


def test_a_failure_is_tried_again_after_growing_pauses(clock: Clock) -> None:
    put_down()
    queue = failing(OSError("no route"))
    pauses = []
    for _attempt in range(11):
        deliveries.deliver(queue, *deliveries.claim(queue, 1))
        row = Delivery.objects.get()
        pauses.append((row.claimable_at - clock.now).total_seconds())
        clock.now = row.claimable_at
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert (row.failed_at, row.last_error) == (None, "OSError: no route")
    assert row.payload["text"] == "What was written."


def test_a_permanent_failure_is_not_tried_again(clock: Clock) -> None:
    put_down()
    queue = failing(PermanentFailure("no such person"))
    deliveries.deliver(queue, *deliveries.claim(queue, 1))
    clock.forward(days=1)
    assert deliveries.claim(queue, 1) == []
    assert Delivery.objects.get().failed_at == NOON


def test_after_enough_attempts_a_message_has_failed(clock: Clock) -> None:
    put_down()
    queue = dataclasses.replace(failing(OSError("no route")), attempts=3)
    while claimed := deliveries.claim(queue, 1):
        deliveries.deliver(queue, *claimed)
        clock.forward(hours=1)
    row = Delivery.objects.get()
    assert row.attempts == 3
    assert row.failed_at is not None


def test_a_message_nobody_can_make_sense_of_fails_alone(
    clock: Clock, send_due: Callable[[], int]
) -> None:
    put_down("poison")
    Delivery.objects.update(payload={"nonsense": True})
    put_down("healthy")
    send_due()
    assert [bool(row.sent_at) for row in Delivery.objects.order_by("key")] == [True, False]


def test_a_page_that_left_is_written_on_the_trail(
    ringing: Ticket, clock: Clock, send_due: Callable[[], int]
) -> None:
    clock.forward(seconds=2)
    send_due()
    assert Page.objects.get().delivered_at == clock.now
    assert Event.objects.filter(verb="page.delivered").count() == 1
    kept = Delivery.objects.get(kind="page").payload
    assert set(kept) == {"title", "language", "page"}


def test_a_page_is_not_sent_once_somebody_has_the_ticket(
    cast: SimpleNamespace, ringing: Ticket, clock: Clock
) -> None:
    """Acknowledged between the claim and the sending."""
    (claimed,) = deliveries.claim(PAGES_BY_MAIL, 1)
    escalation.acknowledge(ticket=ringing, by=Viewer.of(cast.second), now=clock.now)
    deliveries.deliver(PAGES_BY_MAIL, claimed)
    assert [message for message in mail.outbox if "zhao@vigil.example" in message.to] == []
    assert Delivery.objects.get(kind="page").cancelled_at == clock.now


def test_a_page_nobody_cancelled_in_time_is_cancelled_by_its_sender(
    ringing: Ticket, clock: Clock
) -> None:
    (claimed,) = deliveries.claim(PAGES_BY_MAIL, 1)
    Page.objects.update(state=Page.State.STOPPED)
    deliveries.deliver(PAGES_BY_MAIL, claimed)
    assert mail.outbox == []
    assert Delivery.objects.get(kind="page").cancelled_at == clock.now


def test_someone_who_could_not_be_reached_in_time_is_rung_while_nobody_has_it(
    ringing: Ticket, clock: Clock, handle_due: Callable[[], None], send_due: Callable[[], int]
) -> None:
    clock.forward(seconds=180)
    handle_due()  # the ladder has gone on to the second
    send_due()
    rung = {message.to[0] for message in mail.outbox if "Take it or look at it" in message.body}
    assert rung == {"zhao@vigil.example", "li@vigil.example"}


def test_pages_are_tried_again_sooner_than_mails() -> None:
    pauses = [PAGES_BY_MAIL.pause_after(attempt) for attempt in range(1, 7)]
    assert pauses == [dt.timedelta(seconds=s) for s in (2, 4, 8, 16, 30, 30)]
