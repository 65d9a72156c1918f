"""Several senders on one queue: as many rows are claimed as there are hands free."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection

from accounts.models import Delivery
from portal.engine import deliveries
from portal.engine.deadlines import LOOK_AGAIN_SECONDS
from portal.engine.deliveries import Queue
from portal.engine.outage import Outage

log = structlog.get_logger(__name__)


class Senders:
    """Sends each claimed row in a thread of its own, so that one that hangs holds up no other.

    A row is claimed only when somebody is free to send it, so its whole lease is there for
    the sending. The threads are daemons: one that hangs does not keep the process from ending.
    """

    def __init__(self, queue: Queue, size: int, *, outage: Outage) -> None:
        self.queue = queue
        self.outage = outage
        self.size = size
        self.on_free: Callable[[], None] = lambda: None
        self._free = size
        self._changed = threading.Condition()

    def turn(self) -> float:
        """Hand out what is due; returns the seconds until the next look."""
        while free := self._free:
            claimed = deliveries.claim(self.queue, free)
            for delivery in claimed:
                self._count(-1)
                name = f"{self.queue.name} {delivery.pk}"
                threading.Thread(
                    target=self._deliver, args=(delivery,), name=name, daemon=True
                ).start()
            if len(claimed) < free:
                return deliveries.seconds_until_next(self.queue)
        return LOOK_AGAIN_SECONDS  # all busy; whoever is done first wakes the lane

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait for what is being sent; False when something still is after that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._free == self.size, timeout=seconds)

    def _deliver(self, delivery: Delivery) -> None:
        try:
            deliveries.deliver(self.queue, delivery)
        except (OperationalError, InterfaceError) as problem:
            self.outage.noticed(problem)
        except Exception:
            log.exception("a delivery failed", key=delivery.key)
        finally:
            connection.close()
            self._count(+1)
            self.on_free()

    def _count(self, change: int) -> None:
        with self._changed:
            self._free += change
            self._changed.notify_all()
