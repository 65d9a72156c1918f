"""All lanes of one engine, started together and ended together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from portal.engine import calendar_chores, chores, deadlines, deliveries
from portal.engine.beat import Beat
from portal.engine.lane import Lane
from portal.engine.listener import Listener
from portal.engine.outage import Outage
from portal.engine.sending import Senders
from portal.senders import page
from tickets import coverage_watch
from tickets.oncall import shift_changes

DEADLINES: Final = "accounts_deadline"
DELIVERIES: Final = "accounts_delivery"
GRACE_SECONDS: Final = 8.0  # for what is being sent when the engine is told to end
DAY_SECONDS: Final = 86_400.0

log = structlog.get_logger(__name__)


class Engine:
    """Run with `run`; it returns some seconds after `stop` is set."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.outage = Outage()
        self.beat = Beat()
        self.senders = [
            Senders(deliveries.OTHER_PAGES, 4, outage=self.outage),
            Senders(deliveries.PAGES_BY_MAIL, 4, outage=self.outage),
            Senders(deliveries.CHECKS, 2, outage=self.outage),
            Senders(deliveries.MAIL, 3, outage=self.outage),
            Senders(deliveries.RECORDINGS, 1, outage=self.outage),
        ]
        self.by_table: dict[str, list[Lane]] = {DEADLINES: [], DELIVERIES: []}
        for number in (1, 2):  # two, so that one that waits for a lock does not hold up the rest
            self._add(DEADLINES, f"promises {number}", self._deadline_turn(promises=True))
        self._add(DEADLINES, "chores", self._deadline_turn(promises=False))
        for senders in self.senders:
            senders.on_free = self._add(DELIVERIES, senders.queue.name, senders.turn).wake
        self.others = [self._lane("beat", self.beat.turn), self._lane("sweep", self._plan_sweep)]

    def run(self) -> None:
        """Work until told to stop; then finish what is in hand."""
        lanes = [*self.by_table[DEADLINES], *self.by_table[DELIVERIES], *self.others]
        Listener(self._wake, stop=self.stop, outage=self.outage).start()
        for lane in lanes:
            lane.start()
        log.info("engine started", instance=str(self.beat.instance))
        page.warm_up()
        self.stop.wait()
        self._wake(None)
        end = time.monotonic() + GRACE_SECONDS
        for lane in lanes:
            lane.join(max(0.0, end - time.monotonic()))
        idle = all(s.wait_until_idle(max(0.0, end - time.monotonic())) for s in self.senders)
        if not idle:
            log.warning("ending while something is still being sent; its lease will run out")
        self._end_beat()
        log.info("engine ended", instance=str(self.beat.instance))

    def _add(self, table: str, name: str, turn: Callable[[], float]) -> Lane:
        lane = self._lane(name, turn)
        self.by_table[table].append(lane)
        return lane

    def _lane(self, name: str, turn: Callable[[], float]) -> Lane:
        return Lane(name, turn, stop=self.stop, outage=self.outage)

    def _wake(self, table: str | None) -> None:
        """Wake the lanes of that table; without one, all."""
        everybody = [*self.by_table[DEADLINES], *self.by_table[DELIVERIES], *self.others]
        for lane in everybody if table is None else self.by_table.get(table, []):
            lane.wake()

    def _deadline_turn(self, *, promises: bool) -> Callable[[], float]:
        def turn() -> float:
            while not self.stop.is_set() and deadlines.handle_next(promises=promises):
                pass
            return deadlines.seconds_until_next(promises=promises)

        return turn

    def _plan_sweep(self) -> float:
        with acting_as(DatabaseRole.ENGINE) as now:
            chores.plan_sweep(now)
            shift_changes.replan_all(now)
            coverage_watch.plan_daily(now)
            calendar_chores.plan(now)
        return DAY_SECONDS

    def _end_beat(self) -> None:
        try:
            self.beat.end()
        except Exception as problem:  # a database that is away just keeps an old beat
            self.outage.noticed(problem)
        finally:
            connection.close()
