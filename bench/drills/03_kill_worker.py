"""Drill 3: `kill -9` each process of the worker's cluster separately, while urgent tickets come in.

    .venv/bin/python -m bench.drills.03_kill_worker [--seeds 20] [--at-once 10]

Each seed is a site of its own (database, engine, worker, watchdog) and kills one role: the keeper,
the sentinel, the pusher, the worker, the monitor, in turn. Nothing starts anything again, as a
supervisor would. Within two minutes the watchdog must alarm, unless late work never stopped; every
page must leave in time meanwhile. Then the worker is started anew, which must be told too.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import psutil
import psycopg

from accounts.models import Delivery
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Telephone, Verdict, django_on, percentile, reachable_by, rung, telephone
from portal.database import DatabaseUrls
from tests import factories
from tests.cast import make_cast
from tests.database import TestServer, test_server
from tests.processes import Processes, processes, wait_until
from tickets.models import LadderStep, Page
from tickets.models.ticket import Severity

ROLES = ("keeper", "sentinel", "pusher", "worker", "monitor")
ALARM_WITHIN_SECONDS = 120.0
PAGE_WITHIN_SECONDS = 60.0
WATCHED_SECONDS = 125.0
TICKET_EVERY_SECONDS = 15.0
LONGEST_GAP_SECONDS = 75.0  # of a beat each half minute: late work never stopped


@dataclass
class Site:
    """One Vigil of its own; what was seen of it."""

    seed: int
    urls: DatabaseUrls
    run: Processes
    phone: Telephone
    operator: Telephone
    people: SimpleNamespace
    killed_at: float = 0.0
    beats: list[float] = field(default_factory=list)
    last_beat: object = None

    @property
    def role(self) -> str:
        return ROLES[self.seed % len(ROLES)]

    def look(self) -> None:
        """Note when the worker's beat has changed."""
        with psycopg.connect(self.urls.app) as connection:
            row = connection.execute(
                "select beat_at from portal_process_beat where process = 'worker'"
            ).fetchone()
        if row and row[0] != self.last_beat:
            self.last_beat = row[0]
            self.beats.append(time.time())

    def told(self, word: str) -> list[float]:
        """When the operator was told that of the worker."""
        return [at for at, title in self.operator.titles if word in title and "worker" in title]

    def kill(self) -> None:
        os.kill(self.process(), signal.SIGKILL)
        self.killed_at = time.time()

    def process(self) -> int:
        """The process number of this site's role; the cluster starts them in this order."""
        keeper = psutil.Process(self.run.pid("worker"))
        if self.role == "keeper":
            return int(keeper.pid)
        (sentinel,) = (one for one in keeper.children() if one.children())
        ordered = sorted(sentinel.children(), key=lambda one: one.pid)
        names = dict(zip(("worker", "monitor", "pusher"), ordered, strict=True))
        return int(sentinel.pid if self.role == "sentinel" else names[self.role].pid)

    @property
    def longest_gap(self) -> float:
        """The longest time without a beat since the kill, up to the end of the watching."""
        end = self.killed_at + WATCHED_SECONDS
        times = [self.killed_at, *(at for at in self.beats if self.killed_at < at < end), end]
        return max(b - a for a, b in zip(times, times[1:], strict=False))


@contextmanager
def site(server: TestServer, seed: int) -> Iterator[Site]:
    with ExitStack() as stack:
        urls = stack.enter_context(server.fresh(f"drill{seed}"))
        phone, operator = stack.enter_context(telephone()), stack.enter_context(telephone())
        with django_on(urls), acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.update(patience_seconds=3600)  # one page for each ticket
            reachable_by(people.engineer, phone)
        run = stack.enter_context(
            processes(urls, VIGIL_ALARM_URLS=operator.address, VIGIL_DISK_FREE_MIB="0")
        )
        yield Site(seed, urls, run, phone, operator, people)


def open_ticket(one: Site) -> None:
    with django_on(one.urls), acting_as(DatabaseRole.ENGINE) as now:
        factories.ticket(one.people.developer, severity=Severity.URGENT, now=now)


def one_round(sites: list[Site]) -> None:
    """Start all of it, kill, watch for two minutes, start the worker again."""
    for one in sites:
        one.run.start("engine", "worker", "watchdog")
    for one in sites:
        wait_until(lambda one=one: one.look() or len(one.beats) >= 3, "the worker beats", 150)
    kill_and_watch(sites)
    alarmed = [one for one in sites if one.told("Trouble")]
    for one in alarmed:
        if one.run.is_running("worker"):
            one.run.kill("worker")
        one.run.running.pop("worker", None)
        one.run.start("worker")
    for one in alarmed:
        wait_until(lambda one=one: one.told("Recovered"), "the recovery is told", 120)
    for one in sites:
        wait_until(lambda one=one: all_sent(one), "all pages are sent", 60)


def kill_and_watch(sites: list[Site]) -> None:
    """Kill each site's role at a moment of its own, and open tickets until all are watched."""
    begin = next_ticket = time.time()
    due = {one.seed: begin + random.Random(one.seed).uniform(0.0, 30.0) for one in sites}
    while not all(one.killed_at and time.time() > one.killed_at + WATCHED_SECONDS for one in sites):
        for one in sites:
            one.look()
            if not one.killed_at and time.time() >= due[one.seed]:
                one.kill()
        if time.time() >= next_ticket:
            next_ticket += TICKET_EVERY_SECONDS
            for one in sites:
                open_ticket(one)
        time.sleep(0.5)


def all_sent(one: Site) -> bool:
    with django_on(one.urls), acting_as(DatabaseRole.ENGINE):
        return not Delivery.objects.filter(kind="page", sent_at=None).exists()


def pages_of(one: Site) -> tuple[int, int, list[float]]:
    """Pages stored, pages never rung, and the seconds from due to sent."""
    with django_on(one.urls), acting_as(DatabaseRole.ENGINE):
        stored = {pk.hex for pk in Page.objects.values_list("pk", flat=True)}
        rows = Delivery.objects.filter(kind="page", sent_at__isnull=False)
        waited = [(row.sent_at - row.due_at).total_seconds() for row in rows if row.sent_at]
    return len(stored), len(stored - set(rung(one.phone))), waited


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--at-once", type=int, default=10)
    asked = ask.parse_args()
    verdict = Verdict()
    times: list[float] = []
    silent_without_alarm = stored = missed = recovered = 0
    waited: list[float] = []
    by_role = {role: [0, 0] for role in ROLES}
    with test_server() as server:
        for first in range(0, asked.seeds, asked.at_once):
            with ExitStack() as stack:
                sites = [
                    stack.enter_context(site(server, seed))
                    for seed in range(first, min(first + asked.at_once, asked.seeds))
                ]
                one_round(sites)
                for one in sites:
                    alarms = [at for at in one.told("Trouble") if at > one.killed_at]
                    alarmed = alarms[0] - one.killed_at if alarms else None
                    went_on = alarmed is None and one.longest_gap <= LONGEST_GAP_SECONDS
                    by_role[one.role][0 if alarmed is not None else 1] += 1
                    silent_without_alarm += alarmed is None and not went_on
                    recovered += bool(one.told("Recovered"))
                    times += [] if alarmed is None else [alarmed]
                    pages, lost, delays = pages_of(one)
                    stored, missed, waited = stored + pages, missed + lost, waited + delays
                    how = "went on" if alarmed is None else f"alarm after {alarmed:.0f} s"
                    gap = f"longest without a beat {one.longest_gap:.0f} s"
                    print(f"seed {one.seed}: {one.role} killed, {how}, {gap}", flush=True)
    for role, (alarmed_count, went_on_count) in by_role.items():
        print(f"{role}: late work stopped and alarmed {alarmed_count}, went on {went_on_count}")
    print(f"pages {stored}, from due to sent p50 {percentile(waited, 0.5):.1f} s", end=" ")
    print(f"max {max(waited):.1f} s")
    latest = max(times, default=0.0)
    verdict.expect(silent_without_alarm == 0, f"stopped without an alarm {silent_without_alarm}")
    verdict.expect(
        latest <= ALARM_WITHIN_SECONDS, f"the latest alarm after {latest:.0f} s <= 120 s"
    )
    verdict.expect(recovered == len(times), f"alarms {len(times)}, recoveries told {recovered}")
    verdict.expect(missed == 0, f"pages missed {missed}")
    longest = max(waited)
    verdict.expect(
        longest <= PAGE_WITHIN_SECONDS, f"longest from due to sent {longest:.1f} s <= 60 s"
    )
    verdict.end()


if __name__ == "__main__":
    main()
