"""How many rows the senders of one queue have in hand at once."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from portal.engine import sending
from portal.engine.outage import Outage
from portal.engine.sending import Senders


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Senders with three hands, a full queue, a clock that is set, and calls that hang."""
    told = SimpleNamespace(now=0.0, taken=[], done=threading.Event())

    def claim(_queue: Any, limit: int) -> list[Any]:
        rows = [SimpleNamespace(pk=len(told.taken) + n, key="k") for n in range(limit)]
        told.taken += rows
        return rows

    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: told.now))
    monkeypatch.setattr(sending.deliveries, "claim", claim)
    monkeypatch.setattr(sending.deliveries, "deliver", lambda *_: told.done.wait(10))
    told.senders = Senders(SimpleNamespace(name="pages"), 3, outage=Outage())
    return told


def test_one_at_a_time_while_calls_are_quick(desk: SimpleNamespace) -> None:
    assert desk.senders.turn() == sending.HELP_AFTER_SECONDS
    assert len(desk.taken) == 1
    desk.done.set()
    assert desk.senders.wait_until_idle(5)


def test_another_hand_helps_for_each_call_that_takes_long_until_all_are_busy(
    desk: SimpleNamespace,
) -> None:
    for expected in (1, 2, 3, 3):
        desk.senders.turn()
        assert len(desk.taken) == expected
        desk.now += 0.06
    desk.done.set()
    assert desk.senders.wait_until_idle(5)
