"""Drill 12: IMAP dies between fetch and mark: every Message-ID exactly once.

    .venv/bin/python -m bench.drills.12_imap_dies [--seeds 20] [--mails 40]

A real Dovecot, and the real mail process that polls it each second. Each seed delivers mails
and, while they are fetched, kills either the server or the mail process with -9, so that some
are stored and not yet marked; then both are started again. In the end each mail must be in the
raw store once, have become one ticket or enquiry, and be marked as seen.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict, django_on
from tests.cast import make_cast
from tests.database import test_server
from tests.dovecot import Dovecot, dovecot
from tests.mails import mail
from tests.ports import free_ports
from tests.processes import Processes, processes, wait_until
from tickets.models import Inbound


def stored() -> int:
    with acting_as(DatabaseRole.ENGINE):
        return Inbound.objects.count()


def one_seed(run: Processes, server: Dovecot, seed: int, mails: int) -> int:
    """Returns how many mails were stored and not marked when the seed's kill fell."""
    chance = random.Random(seed)
    before = stored()
    for number in range(mails):
        sender = chance.choice(("developer@starcast.example", "pia@new.example"))
        raw = mail(
            sender, subject=f"{seed}-{number}", message_id=f"<{seed}.{number}@drill.example>"
        )
        server.put(raw)
    wanted = before + chance.randint(1, mails - 1)
    wait_until(lambda: stored() >= wanted, "mails are fetched", 60)
    time.sleep(chance.uniform(0.0, 0.02))
    victim = chance.choice(("server", "mail"))
    if victim == "server":
        server.kill()
    else:
        run.kill("mail")
    time.sleep(0.5)
    between = max(0, stored() - (before + mails - server.unseen()))
    if victim == "server":
        server.start()
    else:
        run.start("mail")
    wait_until(lambda: server.unseen() == 0, "all are marked", 120)
    print(f"seed {seed}: killed the {victim}, {between} stored and not marked", flush=True)
    return between


def all_handled() -> bool:
    with acting_as(DatabaseRole.ENGINE):
        return not Inbound.objects.filter(handled_at=None).exists()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--mails", type=int, default=40)
    asked = ask.parse_args()
    verdict = Verdict()
    (port,) = free_ports(1)
    with (
        test_server() as database,
        database.fresh("drill") as urls,
        django_on(urls),
        dovecot() as server,
        processes(
            urls,
            VIGIL_IMAP_URLS=server.url,
            VIGIL_IMAP_EVERY="1",
            VIGIL_MAIL_LISTEN=f"127.0.0.1:{port}",
            VIGIL_MAIL_HOURLY="1000000",
        ) as run,
    ):
        with acting_as(DatabaseRole.ENGINE):
            make_cast()
        run.start("mail")
        between = sum(
            one_seed(run, server, seed, asked.mails) for seed in range(1, asked.seeds + 1)
        )
        wait_until(all_handled, "all are understood", 300)
        with acting_as(DatabaseRole.ENGINE):
            rows = list(Inbound.objects.values_list("message_id", "outcome"))
        run.end("mail")
    ids, outcomes = Counter(one for one, _outcome in rows), Counter(one for _id, one in rows)
    total = asked.seeds * asked.mails
    print(f"mails {total}, stored {len(rows)}, Message-IDs {len(ids)}; became {dict(outcomes)}")
    print(f"kills {asked.seeds}; fetched again because of them {between}")
    verdict.expect(len(ids) == total, f"missed {total - len(ids)}")
    verdict.expect(len(rows) == len(ids), f"stored twice {len(rows) - len(ids)}")
    expected = outcomes["opened"] + outcomes["enquiry"]
    verdict.expect(expected == total, f"not understood {total - expected}")
    verdict.end()


if __name__ == "__main__":
    main()
