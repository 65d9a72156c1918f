"""Drill 16: freeze engines while they send, let another take over, thaw them again.

    .venv/bin/python -m bench.drills.16_pause_engine [--seeds 20] [--pages 4]

For each seed an engine is let go on a few urgent tickets and stopped (SIGSTOP) at a random moment
amid its work; the telephone answers its calls only then, so that the answers wait for it. All of
them stay frozen past their leases. There is no setting that shortens a lease (30 s) and nothing
here touches one: ten seeds wait for it together. A fresh engine takes over what they held. Then
all are thawed, and each delivery must still be the very row version it was: a stale token writes 0.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.db import connection

from accounts.models import Delivery, Event
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Telephone, Verdict, django_on, reachable_by, rung, telephone
from portal.engine.deliveries import OTHER_PAGES
from tests import factories
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import Processes, processes, wait_until
from tickets.models import LadderStep, Ticket
from tickets.models.ticket import Severity

PROMISED_SECONDS = 60.0
GROUP = 10  # so few that the last is frozen before the first one's lease runs out
QUIET_SECONDS = 6.0  # more than an engine takes to notice that its connections are gone
FOUND_STALE = ("stale claim", "no longer ours to send")
VERSIONS = """
select id, xmin::text, sent_at, attempts, lease_token from accounts_delivery
where kind = 'page' order by id
"""


def stand_by(run: Processes, seeds: range) -> list[str]:
    """Start an engine for each seed and freeze it while it has nothing to do."""
    names = [f"engine-{seed}" for seed in seeds]
    for name in names:
        run.commands[name] = run.commands["engine"]
        run.start(name)
        run.pause(name)
    return names


def freeze_amid_work(
    run: Processes, phone: Telephone, people: SimpleNamespace, name: str, seed: int, pages: int
) -> set[tuple[object, object]]:
    """Let that engine work and stop it at a random moment; returns the claims open then."""
    chance, stopped = random.Random(seed), threading.Event()
    if chance.random() < 0.8:  # in the others it is stopped wherever it happens to be
        phone.on_call = lambda _message: stopped.wait(10)
    wanted = len(phone.calls) + chance.randint(1, pages)
    with acting_as(DatabaseRole.ENGINE) as now:
        for _ in range(pages):
            factories.ticket(people.developer, severity=Severity.URGENT, now=now)
    run.resume(name)
    wait_until(lambda: len(phone.calls) >= wanted, "pages leave", 30)
    time.sleep(chance.uniform(0.0, 0.02))
    run.pause(name)
    with acting_as(DatabaseRole.ENGINE) as now:
        claimed = Delivery.objects.filter(sent_at=None, lease_token__isnull=False, kind="page")
        held = set(claimed.filter(claimable_at__gt=now).values_list("pk", "lease_token"))
    phone.on_call = lambda _message: True
    stopped.set()
    return held


def all_sent() -> bool:
    with acting_as(DatabaseRole.ENGINE):
        sent = Delivery.objects.filter(kind="page", sent_at__isnull=False).count()
        return sent == Ticket.objects.count()


def versions() -> dict[object, tuple[object, ...]]:
    """Each delivery of a page with the transaction that wrote it last."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute(VERSIONS)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def thaw(run: Processes, names: list[str]) -> int:
    """Let all of them go on until they are quiet; returns how many claims they found stale."""
    for name in names:
        run.resume(name)

    def found() -> int:
        logs = [run.log(name) for name in names]
        return sum(log.count(words) for log in logs for words in FOUND_STALE)

    count, since = found(), time.monotonic()
    while time.monotonic() - since < QUIET_SECONDS:
        time.sleep(0.2)
        if found() != count:
            count, since = found(), time.monotonic()
    return count


def on_record(frozen_twice: set[object]) -> tuple[int, float]:
    """The deliveries in the event log, and the longest time from due to sent, in seconds.

    Without pages that a second frozen engine took from the first: two faults, two leases.
    """
    with acting_as(DatabaseRole.ENGINE):
        waited = [
            (row.sent_at - row.due_at).total_seconds()
            for row in Delivery.objects.filter(kind="page", sent_at__isnull=False)
            if row.sent_at and row.pk not in frozen_twice
        ]
        return Event.objects.filter(verb="page.delivered").count(), max(waited)


@dataclass
class Counts:
    """Of all groups together."""

    held: set[tuple[object, object]] = field(default_factory=set)
    stale: int = 0
    written: int = 0


def one_group(
    run: Processes,
    phone: Telephone,
    people: SimpleNamespace,
    seeds: range,
    each: int,
    counts: Counts,
) -> None:
    """Freeze an engine for each seed, have another take over, thaw them."""
    names = stand_by(run, seeds)
    for seed, name in zip(seeds, names, strict=True):
        more = freeze_amid_work(run, phone, people, name, seed, each) - counts.held
        counts.held |= more
        print(f"seed {seed}: {each} pages, frozen holding {len(more)}", flush=True)
    run.start("engine")
    wait_until(all_sent, "another engine has taken over", 120)
    before = versions()
    counts.stale += thaw(run, names)
    after = versions()
    counts.written += sum(after[key] != row for key, row in before.items())
    counts.written += len(after.keys() - before.keys())
    for name in (*names, "engine"):
        run.kill(name)


def reconcile(phone: Telephone, counts: Counts) -> None:
    verdict = Verdict()
    claims = Counter(pk for pk, _token in counts.held)
    twice: set[object] = {pk for pk, times in claims.items() if times > 1}
    events, longest = on_record(twice)
    pages, calls = len(versions()), Counter(rung(phone))
    print(f"pages {pages}, calls {sum(calls.values())}, claims held by frozen engines", end=" ")
    print(f"{len(counts.held)}, pages frozen twice {len(twice)}")
    print(f"claims the thawed engines found stale {counts.stale}")
    verdict.expect(counts.written == 0, f"deliveries written with a stale token {counts.written}")
    verdict.expect(counts.stale > 0, f"stale claims that were tried {counts.stale} > 0")
    verdict.expect(len(calls) == pages, f"missed {pages - len(calls)}")
    verdict.expect(events == pages, f"deliveries on record {events} = {pages}")
    verdict.expect(longest <= PROMISED_SECONDS, f"longest from due to sent {longest:.1f} s <= 60 s")
    verdict.end()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--pages", type=int, default=4, help="for each seed")
    asked = ask.parse_args()
    counts = Counts()
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.update(patience_seconds=3600)  # one page for each ticket
        with telephone() as phone, processes(urls) as run:
            with acting_as(DatabaseRole.ENGINE):
                reachable_by(people.engineer, phone)
            print(f"the lease is {OTHER_PAGES.lease_seconds} s, and is waited for")
            for first in range(1, asked.seeds + 1, GROUP):
                seeds = range(first, min(first + GROUP, asked.seeds + 1))
                one_group(run, phone, people, seeds, asked.pages, counts)
        reconcile(phone, counts)


if __name__ == "__main__":
    main()
