"""The same webhook on several connections at once, with real commits: one effect, one answer."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts import hotline_pins
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories, telephone
from tests.cast import make_cast
from tests.telephone import Telephone
from tickets.models import Call, CallLeg, Escalation, Inbound, Ticket


@pytest.fixture
def committed(committed_database: DatabaseUrls, settings: Any) -> SimpleNamespace:
    telephone.set_up(settings)
    with acting_as(DatabaseRole.ENGINE) as now:
        cast = make_cast()
        for who in ("engineer", "second"):
            number = f"jsons://sms.example/+861380000000{len(who)}"
            factories.contact_method(getattr(cast, who), number, kind="phone")
        by = Viewer.of(cast.owner)
        cast.pin = hotline_pins.rotate(by=by, organization=cast.star, now=now)
    return cast


def at_once(count: int, work: Any) -> list[str]:
    """What `work` gave in each of so many threads that start together."""
    start, given = threading.Barrier(count), []

    def run() -> None:
        try:
            start.wait(10)
            given.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def test_one_pin_at_once_on_many_connections_opens_one_ticket(committed: SimpleNamespace) -> None:
    call = Telephone(Client())

    def pin() -> str:
        other = Telephone(Client())
        other.sid = call.sid
        return other.pin(committed.pin).xml

    answers = at_once(6, pin)
    assert len(answers) == 6
    assert len(set(answers)) == 1
    with acting_as(DatabaseRole.ENGINE):
        assert Ticket.objects.count() == Escalation.objects.count() == CallLeg.objects.count() == 1
        assert Inbound.objects.count() == Call.objects.count() == 1


def test_two_calls_of_one_customer_at_once_are_two_tickets(committed: SimpleNamespace) -> None:
    answers = at_once(4, lambda: Telephone(Client()).pin(committed.pin).number)
    assert len(answers) == 4
    with acting_as(DatabaseRole.ENGINE):
        numbers = sorted(Ticket.objects.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]


def test_a_key_pressed_while_the_provider_gives_up_ends_in_one_story(
    committed: SimpleNamespace,
) -> None:
    for _time in range(5):
        call = Telephone(Client())
        heard = call.pin(committed.pin)

        def press(call: Telephone = call, heard: Any = heard) -> str:
            return call.engineer(heard).presses("1").xml

        def give_up(call: Telephone = call, heard: Any = heard) -> str:
            return call.engineer(heard).done("no-answer").xml

        turns = iter([press, give_up])
        lock = threading.Lock()

        def one(turns: Any = turns, lock: Any = lock) -> str:
            with lock:
                turn = next(turns)
            return str(turn())

        assert len(at_once(2, one)) == 2
        with acting_as(DatabaseRole.ENGINE):
            run = Escalation.objects.latest("pk")
            leg = CallLeg.objects.filter(call__sid=call.sid).earliest("dialled_at")
            assert (run.state, leg.outcome) == ("acked", "taken")
