"""Drill 20: ten times the usual mail, with an urgent one in the middle: paged within 60 s.

    .venv/bin/python -m bench.drills.20_mail_flood [--seeds 20] [--mails 60] [--times 10]

The real mail process and engine. Each seed sends `times` times the usual number of mails over
SMTP as quickly as they are taken, a third of them from one sender who floods us; in the middle a
member writes to the urgent address. From the moment that is confirmed to the ringing telephone.
"""

from __future__ import annotations

import argparse
import random
import smtplib
import threading
import time

from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict, django_on, percentile, reachable_by, telephone
from tests.cast import make_cast
from tests.database import test_server
from tests.mails import SUPPORT, URGENT, mail
from tests.ports import free_ports
from tests.processes import processes, wait_until
from tickets.models import Inbound, Ticket

CLIENTS = 3
MOST_SECONDS = 60.0


def send(port: int, mails: list[tuple[bytes, str]], confirmed: list[float]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
        for raw, to in mails:
            client.sendmail("sender@elsewhere.example", [to], raw)
            if to == URGENT:
                confirmed.append(time.time())


def one_seed(port: int, seed: int, count: int, confirmed: list[float]) -> None:
    chance = random.Random(seed)
    mails = []
    for number in range(count):
        flooder, other = "flood@elsewhere.example", f"person{chance.randrange(500)}@new.example"
        sender = flooder if number % 3 == 0 else other
        mails.append((mail(sender, subject=f"{seed}-{number}", body="Buy this.\n" * 50), SUPPORT))
    urgent = mail(to=URGENT, subject=f"Down {seed}", body="Everything is down.")
    mails.insert(len(mails) // 2, (urgent, URGENT))
    threads = [
        threading.Thread(target=send, args=(port, mails[n::CLIENTS], confirmed))
        for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--mails", type=int, default=60, help="the usual number")
    ask.add_argument("--times", type=int, default=10)
    asked = ask.parse_args()
    verdict, confirmed = Verdict(), list[float]()
    (port,) = free_ports(1)
    with (
        test_server() as server,
        server.fresh("drill") as urls,
        django_on(urls),
        telephone() as phone,
        processes(urls, VIGIL_MAIL_LISTEN=f"127.0.0.1:{port}") as run,
    ):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            reachable_by(people.engineer, phone)
        run.start("mail", "engine")
        count = asked.mails * asked.times
        delays = []
        for seed in range(1, asked.seeds + 1):
            one_seed(port, seed, count, confirmed)
            wait_until(lambda seed=seed: len(phone.calls) >= seed, "the page", 120)
            delays.append(phone.calls[seed - 1][0] - confirmed[seed - 1])
            with acting_as(DatabaseRole.ENGINE):
                waiting = Inbound.objects.filter(handled_at=None).count()
            print(
                f"seed {seed}: page after {delays[-1]:.1f} s; {waiting} mails still wait",
                flush=True,
            )
        wait_until(lambda: _waiting() == 0, "all are understood", 600)
        with acting_as(DatabaseRole.ENGINE):
            stored = Inbound.objects.count()
            held = Inbound.objects.filter(outcome="quarantined", reason="flood").count()
            tickets = Ticket.objects.count()
        run.end("mail")
        run.end("engine")
    total = asked.seeds * (count + 1)
    print(f"mails {total}, stored {stored}, held back as a flood {held}, tickets {tickets}")
    print(f"confirmed to rung: p50 {percentile(delays, 0.5):.1f} s, max {max(delays):.1f} s")
    verdict.expect(stored == total, f"lost {total - stored}")
    verdict.expect(tickets == asked.seeds, f"urgent tickets {tickets} = {asked.seeds}")
    verdict.expect(max(delays) <= MOST_SECONDS, f"longest {max(delays):.1f} s <= 60 s")
    verdict.end()


def _waiting() -> int:
    with acting_as(DatabaseRole.ENGINE):
        return Inbound.objects.filter(handled_at=None).count()


if __name__ == "__main__":
    main()
