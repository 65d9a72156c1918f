"""Drill 16: freeze engines while they send, let another take over, thaw them again.

    .venv/bin/python -m bench.drills.16_pause_engine [--seeds 20] [--pages 4]

For each seed an engine is let go on a few urgent tickets and stopped (SIGSTOP) at a random moment
amid its work; the telephone answers its calls only then, so that the answers wait for it. All of
them stay frozen past their leases. There is no setting that shortens a lease (30 s) and nothing
here touches one: all seeds wait for it together. A fresh engine takes over what they held. Then
all are thawed, and each delivery must still be the very row version it was: a stale token writes 0.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter
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
QUIET_SECONDS = 6.0  # more than an engine takes to notice that its connections are gone
FOUND_STALE = ("stale claim", "no longer ours to send")
VERSIONS = """
select id, xmin::text, sent_at, attempts, lease_token from accounts_delivery
where kind = 'page' order by id
"""


def stand_by(run: Processes, seeds: int) -> list[str]:
    """Start an engine for each seed and freeze it while it has nothing to do."""
    names = [f"engine-{seed}" for seed in range(1, seeds + 1)]
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


def on_record() -> tuple[int, float]:
    """The deliveries in the event log, and the longest time from due to sent, in seconds."""
    with acting_as(DatabaseRole.ENGINE):
        waited = [
            (row.sent_at - row.due_at).total_seconds()
            for row in Delivery.objects.filter(kind="page", sent_at__isnull=False)
            if row.sent_at
        ]
        return Event.objects.filter(verb="page.delivered").count(), max(waited)


def drill(run: Processes, phone: Telephone, people: SimpleNamespace, seeds: int, each: int) -> None:
    verdict = Verdict()
    names = stand_by(run, seeds)
    print(f"{seeds} engines stand by; the lease is {OTHER_PAGES.lease_seconds} s, waited for")
    held: set[tuple[object, object]] = set()
    for seed, name in enumerate(names, start=1):
        more = freeze_amid_work(run, phone, people, name, seed, each) - held
        held |= more
        print(f"seed {seed}: {each} pages, frozen holding {len(more)}", flush=True)
    run.start("engine")
    wait_until(all_sent, "another engine has taken over", 120)
    events, longest = on_record()
    before, alive = versions(), [name for name in names if run.is_running(name)]
    stale = thaw(run, names)
    after = versions()
    written = sum(after[key] != before[key] for key in before) + len(after.keys() - before.keys())
    calls = Counter(rung(phone))
    print(
        f"pages {len(before)}, claims held by frozen engines {len(held)}, calls {sum(calls.values())}"
    )
    print(f"claims the thawed engines found stale {stale}, engines alive {len(alive)} of {seeds}")
    verdict.expect(written == 0, f"deliveries written with a stale token {written}")
    verdict.expect(stale > 0, f"stale claims that were tried {stale} > 0")
    verdict.expect(len(calls) == len(before), f"missed {len(before) - len(calls)}")
    verdict.expect(events == on_record()[0] == len(before), f"deliveries on record {events}")
    verdict.expect(longest <= PROMISED_SECONDS, f"longest from due to sent {longest:.1f} s <= 60 s")
    verdict.end()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--pages", type=int, default=4, help="for each seed")
    asked = ask.parse_args()
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.update(patience_seconds=3600)  # one page for each ticket
        with telephone() as phone, processes(urls) as run:
            with acting_as(DatabaseRole.ENGINE):
                reachable_by(people.engineer, phone)
            drill(run, phone, people, asked.seeds, asked.pages)


if __name__ == "__main__":
    main()
