"""Several senders on one queue: one at work, and help as soon as that one takes long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connection

from accounts.models import Delivery
from portal.engine import deliveries
from portal.engine.deadlines import LOOK_AGAIN_SECONDS
from portal.engine.deliveries import Queue
from portal.engine.outage import Outage

log = structlog.get_logger(__name__)

HELP_AFTER_SECONDS: Final = 0.05


class Senders:
    """Sends each claimed row in a thread of its own, so that one that hangs holds up no other.

    Rows in hand are what a killed engine may send twice, so no more are taken than it needs:
    another one for each that has been under way for 50 ms. A receiver that answers at once is
    served one by one, a slow one by all hands, and a hanging one delays the next by 50 ms.

    A row is claimed only when somebody is free to send it, so its whole lease is there for
    the sending. The threads are daemons: one that hangs does not keep the process from ending.
    """

    def __init__(self, queue: Queue, size: int, *, outage: Outage) -> None:
        self.queue = queue
        self.outage = outage
        self.size = size
        self.on_free: Callable[[], None] = lambda: None
        self._begun: dict[object, float] = {}  # what is in hand, and since when (monotonic)
        self._changed = threading.Condition()

    def turn(self) -> float:
        """Hand out what is due; returns the seconds until the next look."""
        while room := self._room():
            claimed = deliveries.claim(self.queue, room)
            for delivery in claimed:
                self._begin(delivery)
            if len(claimed) < room:
                return deliveries.seconds_until_next(self.queue)
        return HELP_AFTER_SECONDS if len(self._begun) < self.size else LOOK_AGAIN_SECONDS

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait for what is being sent; False when something still is after that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._begun, timeout=seconds)

    def _room(self) -> int:
        """How many more rows to take in hand now."""
        long_ago = time.monotonic() - HELP_AFTER_SECONDS
        with self._changed:
            slow = sum(begun <= long_ago for begun in self._begun.values())
            return max(0, min(slow + 1, self.size) - len(self._begun))

    def _begin(self, delivery: Delivery) -> None:
        in_hand = object()  # not the row: one whose lease ran out may be in hand twice
        with self._changed:
            self._begun[in_hand] = time.monotonic()
        threading.Thread(
            target=self._deliver,
            args=(delivery, in_hand),
            name=f"{self.queue.name} {delivery.pk}",
            daemon=True,
        ).start()

    def _deliver(self, delivery: Delivery, in_hand: object) -> None:
        try:
            deliveries.deliver(self.queue, delivery)
        except (OperationalError, InterfaceError) as problem:
            self.outage.noticed(problem)
        except Exception:
            log.exception("a delivery failed", key=delivery.key)
        finally:
            connection.close()
            with self._changed:
                del self._begun[in_hand]
                self._changed.notify_all()
            self.on_free()
