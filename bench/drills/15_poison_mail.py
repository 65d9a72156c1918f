"""Drill 15, for mail: poison among the mails: only it in quarantine, throughput at least 90 %.

    .venv/bin/python -m bench.drills.15_poison_mail [--seeds 20] [--mails 200] [--poison 4]

Poison is a mail our own reader fails on; as none is known, the reader is made to fail on those
marked. Each seed understands the same number of mails twice, without and with poison among them,
and compares how long that takes; the poison is tried again until it is given up.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import Any

from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict, django_on, percentile
from portal.mail_in import understanding
from tests.cast import make_cast
from tests.database import test_server
from tests.mails import SUPPORT, mail
from tickets.intake import letter
from tickets.intake.store import store
from tickets.models import Inbound

MARK = b"X-Drill: poison"
read = letter.read


def fails_on_poison(raw: bytes, **more: Any) -> letter.Letter:
    if MARK in raw:
        raise RuntimeError("a flaw of ours")
    return read(raw, **more)


def understood(mails: list[bytes]) -> float:
    """Seconds until all but the poison is understood."""
    for raw in mails:
        store(raw, recipients=[SUPPORT], source="drill")
    clean = sum(MARK not in raw for raw in mails)
    with acting_as(DatabaseRole.ENGINE):
        before = Inbound.objects.exclude(handled_at=None).exclude(reason="failed").count()
    began = time.monotonic()
    while True:
        understanding.handle_some()
        with acting_as(DatabaseRole.ENGINE):
            done = Inbound.objects.exclude(handled_at=None).exclude(reason="failed").count()
        if done - before >= clean:
            return time.monotonic() - began


def one_seed(seed: int, mails: int, poison: int) -> float:
    """The throughput with poison as a share of that without."""
    chance = random.Random(seed)
    senders = ("developer@starcast.example", "owner@brightclass.example", "pia@new.example")
    batches = [[mail(senders[n % 3]) for n in range(mails)] for _batch in range(2)]
    for _number in range(poison):
        place = chance.randrange(len(batches[1]))
        batches[1].insert(place, MARK + b"\n" + mail(chance.choice(senders)))
    order = [0, 1] if seed % 2 else [1, 0]
    seconds = {which: understood(batches[which]) for which in order}
    return seconds[0] / seconds[1]


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--mails", type=int, default=200)
    ask.add_argument("--poison", type=int, default=4)
    asked = ask.parse_args()
    verdict = Verdict()
    letter.read = fails_on_poison
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            make_cast()
        from django.test.utils import override_settings

        with override_settings(MAIL_HOURLY=10**9):
            shares = []
            for seed in range(1, asked.seeds + 1):
                shares.append(one_seed(seed, asked.mails, asked.poison))
                print(f"seed {seed}: throughput with poison {shares[-1]:.0%}", flush=True)
            poison = asked.seeds * asked.poison
            for _attempt in range(understanding.ATTEMPTS * poison):
                with acting_as(DatabaseRole.ENGINE) as now:
                    if not Inbound.objects.filter(handled_at=None).update(claimable_at=now):
                        break
                understanding.handle_some()
        with acting_as(DatabaseRole.ENGINE):
            held = Inbound.objects.filter(outcome="quarantined")
            wrong = sum(MARK not in bytes(row.raw) for row in held)
            given_up = held.filter(reason="failed").count()
            total = Inbound.objects.count()
    median = percentile(shares, 0.5)
    print(
        f"mails {total}, poison {poison}, given up after {understanding.ATTEMPTS} tries {given_up}"
    )
    print(f"throughput with poison: median {median:.0%}, least {min(shares):.0%}")
    verdict.expect(given_up == poison, f"poison not in quarantine {poison - given_up}")
    verdict.expect(wrong == 0, f"others in quarantine {wrong}")
    verdict.expect(median >= 0.9, f"median throughput {median:.0%} >= 90 %")
    verdict.end()


if __name__ == "__main__":
    main()
