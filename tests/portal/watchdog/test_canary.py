"""A canary goes the whole way: deadline, handler, delivery, sender, receiver."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
import uuid
from typing import Any

import pytest

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal.engine import deadlines, deliveries
from portal.watchdog import canary
from portal.watchdog.canary import Canaries, Receiver

LANES = {"push": deliveries.OTHER_PAGES, "email": deliveries.PAGES_BY_MAIL}


def plant(receiver: Receiver, channel: str) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        canary.plant(
            instance=uuid.uuid4(),
            number=7,
            channel=channel,
            address=receiver.address(7),
            now=now,
        )
    assert deadlines.handle_next(promises=True)


@pytest.mark.django_db
@pytest.mark.parametrize("channel", canary.CHANNELS)
def test_it_comes_through_the_engine_to_the_watchdogs_own_address(channel: str) -> None:
    lane = LANES[channel]
    receiver, came = Receiver("127.0.0.1", 0), threading.Event()
    with receiver.listening(lambda number: came.set() if number == 7 else None):
        plant(receiver, channel)
        with acting_as(DatabaseRole.ENGINE):
            assert Delivery.objects.get().kind == Delivery.Kind.CANARY
        (claimed,) = deliveries.claim(lane, 4)
        deliveries.deliver(lane, claimed)
        assert came.wait(5)
    with acting_as(DatabaseRole.ENGINE):
        assert Delivery.objects.get().sent_at is not None
        assert Deadline.objects.get().settled_at is not None


@pytest.mark.django_db
def test_the_one_by_mail_does_not_come_while_the_mail_server_lets_nobody_in(
    settings: Any,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    came: list[int] = []
    receiver = Receiver("127.0.0.1", 0)
    with receiver.listening(came.append):
        for channel in canary.CHANNELS:
            plant(receiver, channel)
            for claimed in deliveries.claim(LANES[channel], 4):
                deliveries.deliver(LANES[channel], claimed)
    assert came == [7]
    with acting_as(DatabaseRole.ENGINE):
        waiting = Delivery.objects.get(sent_at=None)
        assert (waiting.channel, waiting.failed_at) == ("email", None)
        assert "ConnectionRefusedError" in waiting.last_error


def test_no_number_belongs_to_both_lanes() -> None:
    lanes = [Canaries(0.0, channel) for channel in canary.CHANNELS]
    numbers = [lane.next_number() for lane in lanes for _turn in range(5)]
    assert len(set(numbers)) == 10


def test_only_who_knows_the_secret_can_claim_to_be_one() -> None:
    came: list[int] = []
    receiver = Receiver("127.0.0.1", 0)
    with receiver.listening(came.append):
        for path in ("/7", "/wrong/7", f"/{receiver.secret}/x", f"/{receiver.secret}/"):
            address = f"http://127.0.0.1:{receiver.port}{path}"
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(address, data=b"{}", timeout=5)  # noqa: S310  our own
    assert came == []


def test_one_that_arrives_frees_those_planted_before_it() -> None:
    canaries = Canaries(0.0, "push")
    canaries.planted(1, 10.0)
    canaries.planted(2, 70.0)
    assert canaries.waits(80.0) == 70.0
    canaries.arrived(2, 81.0)
    assert canaries.waits(82.0) is None
    assert canaries.last_arrived == 81.0


def test_an_earlier_one_does_not_free_a_later() -> None:
    canaries = Canaries(0.0, "push")
    canaries.planted(1, 10.0)
    canaries.planted(2, 70.0)
    canaries.arrived(1, 75.0)
    assert canaries.waits(80.0) == 10.0


def test_one_that_nobody_planted_counts_for_nothing() -> None:
    canaries = Canaries(5.0, "push")
    canaries.arrived(3, 6.0)
    assert (canaries.has_arrived, canaries.last_arrived) == (False, 5.0)


def test_one_that_could_not_be_planted_is_not_waited_for() -> None:
    canaries = Canaries(0.0, "push")
    canaries.planted(1, 10.0)
    canaries.lost(1)
    assert (canaries.waits(99.0), canaries.last_planted) == (None, None)
