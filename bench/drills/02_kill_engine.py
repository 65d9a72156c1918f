"""Drill 2: `kill -9` the engine again and again while 1,500 pages go out.

    .venv/bin/python -m bench.drills.02_kill_engine [--seeds 20] [--pages 1500] [--kills 3]

Each seed opens its share of urgent tickets and kills the engine at random moments while their
pages leave; it is started again each time. What a dead engine held is not helped along: the
drill ends when the leases have run out and everything is sent. Then what the telephone received
is compared with what is stored, page by page.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from types import SimpleNamespace

from accounts.models import Delivery, Event
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Telephone, Verdict, django_on, percentile, reachable_by, rung, telephone
from tests import factories
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import Processes, processes, wait_until
from tickets.models import LadderStep, Page, Ticket
from tickets.models.ticket import Severity


def one_seed(
    run: Processes, phone: Telephone, people: SimpleNamespace, seed: int, pages: int, kills: int
) -> None:
    """Open the tickets and kill the engine `kills` times while their pages leave."""
    chance = random.Random(seed)
    with acting_as(DatabaseRole.ENGINE) as now:
        for _ in range(pages):
            factories.ticket(people.developer, severity=Severity.URGENT, now=now)
    for _ in range(kills):
        if not run.is_running("engine"):
            run.start("engine")
        wanted = len(phone.calls) + chance.randint(1, max(1, pages // (kills + 2)))
        wait_until(lambda wanted=wanted: len(phone.calls) >= wanted, "pages leave", 60)
        time.sleep(chance.uniform(0.0, 0.05))  # the kill falls anywhere between two of them
        run.kill("engine")


def all_sent() -> bool:
    with acting_as(DatabaseRole.ENGINE):
        pages = Delivery.objects.filter(kind=Delivery.Kind.PAGE, sent_at=None)
        return Page.objects.count() >= Ticket.objects.count() and not pages.exists()


def reconcile(phone: Telephone, kills: int) -> None:
    verdict = Verdict()
    calls = Counter(rung(phone))
    with acting_as(DatabaseRole.ENGINE):
        tickets = Ticket.objects.count()
        stored = {pk.hex for pk in Page.objects.values_list("pk", flat=True)}
        deliveries = Delivery.objects.filter(kind=Delivery.Kind.PAGE)
        keys = deliveries.values("key").distinct().count()
        events = Event.objects.filter(verb="page.delivered").count()
        waited = [(row.sent_at - row.due_at).total_seconds() for row in deliveries if row.sent_at]
        repeated = sum(max(0, row.attempts - 1) for row in deliveries)
    missed, extra = len(stored - calls.keys()), len(calls.keys() - stored)
    twice = sum(calls.values()) - len(calls)
    print(f"tickets {tickets}, pages {len(stored)}, keys {keys}, calls {sum(calls.values())}")
    print(f"kills {kills}, claimed again {repeated}, duplicates {twice}, all under their own key")
    print(
        f"from due to sent: p50 {percentile(waited, 0.5):.1f} s, p95 {percentile(waited, 0.95):.1f}"
        f" s, max {max(waited):.1f} s (the engine was dead or starting for most of it)"
    )
    verdict.expect(missed == 0 and len(stored) == tickets, f"missed {missed}")
    verdict.expect(extra == 0 and keys == tickets, f"extra keys {extra + keys - tickets}")
    verdict.expect(twice <= kills, f"duplicates {twice} <= kills {kills}")
    verdict.expect(events == tickets, f"deliveries on record {events} = {tickets}")
    verdict.end()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--pages", type=int, default=1500)
    ask.add_argument("--kills", type=int, default=3, help="for each seed")
    asked = ask.parse_args()
    each = -(-asked.pages // asked.seeds)
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.update(patience_seconds=3600)  # one page for each ticket
        with telephone() as phone, processes(urls) as run:
            with acting_as(DatabaseRole.ENGINE):
                reachable_by(people.engineer, phone)
            for seed in range(1, asked.seeds + 1):
                one_seed(run, phone, people, seed, each, asked.kills)
                print(f"seed {seed}: {each} tickets, {asked.kills} kills", flush=True)
            run.start("engine")
            wait_until(all_sent, "everything is sent", 120)
            run.end("engine")
            reconcile(phone, asked.seeds * asked.kills)


if __name__ == "__main__":
    main()
