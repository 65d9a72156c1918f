"""Drill 4: `kill -9` the database server while customers post tickets with files.

    .venv/bin/python -m bench.drills.04_kill_postgres [--seeds 20] [--customers 4]

A durable embedded server of its own, and web and engine on it. Each seed kills the postmaster at
a random moment under load. As `manage.py up` does, the script looks five times a second whether
the server runs and starts it again; nothing else is helped along. Recovered is when a customer
is answered by the server that came back.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from pathlib import Path

from django.db import connections

from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict, django_on, percentile
from bench.ledger import reconcile
from bench.portal_client import Customer
from portal.database import provision_embedded
from portal.embedded import Server
from portal.supervisor import LOOK_EVERY_SECONDS
from tests.cast import make_cast
from tests.database import migrate
from tests.processes import processes, wait_until

RECOVERED_WITHIN_SECONDS = 30.0


def kill_postmaster(server: Server) -> float:
    """Kill it as hard as it gets; returns when."""
    process = int((server.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(process, signal.SIGKILL)
    return time.monotonic()


def bring_back(server: Server) -> float:
    """What `up` does about a server that is gone; returns when it runs again."""
    while server.is_running():
        time.sleep(LOOK_EVERY_SECONDS)
    time.sleep(LOOK_EVERY_SECONDS)
    server.start()
    return time.monotonic()


def one_seed(server: Server, customers: list[Customer], seed: int) -> float:
    """Kill the server under load; returns the seconds until customers are answered again."""
    chance = random.Random(seed)

    def answered_since(moment: float) -> list[float]:
        return [at for customer in customers for at in customer.acknowledged_at if at > moment]

    begin, wanted = time.monotonic(), chance.randint(3, 10)
    wait_until(lambda: len(answered_since(begin)) >= wanted, "customers are answered", 60)
    time.sleep(chance.uniform(0.0, 0.3))
    killed = kill_postmaster(server)
    back = bring_back(server)
    wait_until(lambda: answered_since(back), "customers are answered again", 60)
    return min(answered_since(back)) - killed


def overdue() -> int:
    with acting_as(DatabaseRole.ENGINE) as now:
        return Deadline.objects.filter(settled_at=None, claimable_at__lte=now).count()


def drill(server: Server, seeds: int, count: int, verdict: Verdict) -> None:
    urls = provision_embedded(server)
    migrate(urls)
    stop = threading.Event()
    recovered = []
    with django_on(urls), processes(urls) as run:
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
        session = run.cookie_of(people.developer)["value"]
        customers = [Customer(run.url, session, n, stop) for n in range(count)]
        run.start("web", "engine")
        started = {name: run.pid(name) for name in ("web", "engine")}
        for customer in customers:
            customer.start()
        for seed in range(1, seeds + 1):
            recovered.append(one_seed(server, customers, seed))
            print(f"seed {seed}: answered again after {recovered[-1]:.1f} s", flush=True)
        stop.set()
        for customer in customers:
            customer.join(60)
        connections.close_all()  # this script's own, which died with the server
        print(f"kills {seeds}")
        print(f"recovered: p50 {percentile(recovered, 0.5):.1f} s, max {max(recovered):.1f} s")
        reconcile(customers, run.folder / "media", verdict)
        verdict.expect(
            max(recovered) <= RECOVERED_WITHIN_SECONDS,
            f"recovered within {max(recovered):.1f} s <= {RECOVERED_WITHIN_SECONDS:g} s",
        )
        same = all(run.is_running(name) and run.pid(name) == pid for name, pid in started.items())
        verdict.expect(same, "web and engine are the processes that were started first")
        try:
            wait_until(lambda: overdue() == 0, "the engine has caught up", 60)
        except AssertionError:
            pass  # counted in the next line
        verdict.expect(overdue() == 0, f"deadlines overdue at the end {overdue()}")


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--customers", type=int, default=4)
    asked = ask.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="vigil-drill-", ignore_cleanup_errors=True) as folder:
        with Server(Path(folder)).held() as server:
            drill(server, asked.seeds, asked.customers, verdict)
    verdict.end()


if __name__ == "__main__":
    main()
