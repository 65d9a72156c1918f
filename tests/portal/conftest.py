"""A clock to turn by hand, and one turn of the engine without its threads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from portal.engine import deadlines, deliveries
from portal.engine.deliveries import CHECKS, MAIL, OTHER_PAGES, PAGES_BY_MAIL
from tests.factories import NOON


class Clock:
    """What the database's clock shows in this test."""

    def __init__(self) -> None:
        self.now = NOON

    def forward(self, **time: float) -> dt.datetime:
        self.now += dt.timedelta(**time)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: clock.now)
    return clock


@pytest.fixture
def handle_due(clock: Clock) -> Callable[[], None]:
    """Handle every deadline that is due by the clock; sends nothing."""

    def handle() -> None:
        while deadlines.handle_next(promises=True) or deadlines.handle_next(promises=False):
            pass

    return handle


@pytest.fixture
def send_due(clock: Clock) -> Callable[[], int]:
    """Claim and send everything that is due by the clock; returns how many were claimed."""

    def send() -> int:
        count = 0
        for queue in (OTHER_PAGES, PAGES_BY_MAIL, CHECKS, MAIL):
            while claimed := deliveries.claim(queue, 10):
                count += len(claimed)
                for delivery in claimed:
                    deliveries.deliver(queue, delivery)
        return count

    return send
