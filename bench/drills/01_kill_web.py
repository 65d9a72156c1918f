"""Drill 1: `kill -9` the web process while customers post tickets with files.

    .venv/bin/python -m bench.drills.01_kill_web [--seeds 20] [--customers 4]

Each seed kills the process and its workers at a random moment under load and starts it again;
customers who got no answer send the same form again. At the end every acknowledged form must be
one whole ticket with its file, and no other ticket may exist. Then the night's sweep runs in a
real engine, with the files made two hours older, and must remove exactly what no ticket has.
"""

from __future__ import annotations

import argparse
import os
import random
import threading
import time
from pathlib import Path

from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict, django_on
from bench.ledger import reconcile
from bench.portal_client import Customer
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import Processes, processes, wait_until
from tickets.models import Attachment

OLDER_SECONDS = 7200.0  # the sweep leaves alone what is younger than an hour


def kill_under_load(run: Processes, customers: list[Customer], seed: int) -> None:
    """Let some forms through, then kill at a random moment and start again."""
    chance = random.Random(seed)

    def answered() -> int:
        return sum(len(customer.acknowledged) for customer in customers)

    wanted = answered() + chance.randint(2, 8)
    wait_until(lambda: answered() >= wanted, "customers are answered", 60)
    time.sleep(chance.uniform(0.0, 0.3))
    run.kill("web")
    run.start("web")


def files_of(media: Path) -> set[str]:
    return {f"{path.parent.name}/{path.name}" for path in media.glob("??/*")}


def sweep(run: Processes, media: Path, verdict: Verdict) -> None:
    """Have the engine sweep; count what it removes and what it leaves."""
    with acting_as(DatabaseRole.ENGINE) as now:
        owned = set(Attachment.objects.exclude(ticket=None).values_list("storage_key", flat=True))
        drafts = Attachment.objects.filter(ticket=None).count()
        Deadline.objects.filter(kind="draft.expire").update(claimable_at=now)  # a day later
    before = files_of(media)
    old = time.time() - OLDER_SECONDS
    for name in before:
        os.utime(media / name, (old, old))
    run.start("engine")
    try:
        wait_until(lambda: files_of(media) <= owned, "the sweep", 60)
    except AssertionError:
        pass  # what is left is counted below
    run.end("engine")
    after = files_of(media)
    print(
        f"files {len(before)}, of tickets {len(owned)}, orphans {len(before - owned)}"
        f" (drafts never sent: {drafts}), left after the sweep {len(after)}"
    )
    verdict.expect(not after - owned, f"orphans left {len(after - owned)}")
    verdict.expect(owned <= after, f"files of tickets swept {len(owned - after)}")


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--customers", type=int, default=4)
    asked = ask.parse_args()
    stop = threading.Event()
    verdict = Verdict()
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
        with processes(urls) as run:
            session = run.cookie_of(people.developer)["value"]
            customers = [Customer(run.url, session, n, stop) for n in range(asked.customers)]
            run.start("web")
            for customer in customers:
                customer.start()
            for seed in range(1, asked.seeds + 1):
                kill_under_load(run, customers, seed)
                print(f"seed {seed}: killed and started again", flush=True)
            stop.set()
            for customer in customers:
                customer.join(60)
            run.end("web")
            print(f"kills {asked.seeds}")
            reconcile(customers, run.folder / "media", verdict)
            sweep(run, run.folder / "media", verdict)
    verdict.end()


if __name__ == "__main__":
    main()
