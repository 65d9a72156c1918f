"""Drill 11: the mail server hangs, refuses, or drops the line after it took a mail.

    .venv/bin/python -m bench.drills.11_smtp_hangs [--seeds 20] [--tickets 6]

Each seed draws the troubles of the first mail server. First without a second server: pages go by
the telephone their owner named as fallback, mails wait until the server is well again. Then with
a second server, while the first stays in trouble: mails go by the second. Every mail must have
arrived, again only under the same Message-ID, and every page within 60 s of being due.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter

from accounts.models import ContactMethod, Delivery, User
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Telephone, Verdict, django_on, percentile, telephone
from bench.mail_servers import TROUBLES, MailServer, mail_servers
from tests import factories
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import Processes, processes, wait_until
from tickets.intake import message_ids
from tickets.models import LadderStep
from tickets.models.ticket import Severity

PATIENCE_SECONDS = 60.0


def reachable_by_mail_then(person: User, phone: Telephone) -> None:
    """Rung by mail; where that fails, by the telephone."""
    ContactMethod.objects.filter(user=person).delete()
    ContactMethod.objects.create(
        user=person,
        kind="email",
        address=person.email,
        fallback_address=phone.address,
        verified_at=person.date_joined,
        fallback_verified_at=person.date_joined,
    )


def open_tickets(person: User, count: int, *, urgent: bool) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        for _ in range(count):
            severity = Severity.URGENT if urgent else Severity.NORMAL
            factories.ticket(person, severity=severity, now=now)


def waiting(*kinds: str) -> int:
    with acting_as(DatabaseRole.ENGINE):
        return Delivery.objects.filter(kind__in=kinds, sent_at=None, cancelled_at=None).count()


def written(kind: str) -> int:
    with acting_as(DatabaseRole.ENGINE):
        return Delivery.objects.filter(kind=kind).count()


def without_a_second(run: Processes, person: User, server: MailServer, count: int) -> None:
    pages, mails = written("page") + count, written("email") + count
    open_tickets(person, count, urgent=True)
    wait_until(lambda: written("page") >= pages, "pages are written", PATIENCE_SECONDS)
    wait_until(lambda: written("email") >= mails, "mails are written", PATIENCE_SECONDS)
    wait_until(lambda: not waiting("page"), "pages leave", 2 * PATIENCE_SECONDS)
    server.trouble = ""
    wait_until(lambda: not waiting("email"), "mails leave once it is well", 3 * PATIENCE_SECONDS)


def with_a_second(run: Processes, person: User, count: int) -> None:
    mails = written("email") + 2 * count  # to the reporter, and to the engineer on duty
    open_tickets(person, count, urgent=False)
    wait_until(lambda: written("email") >= mails, "mails are written", PATIENCE_SECONDS)
    wait_until(lambda: not waiting("email"), "mails leave by the second", 3 * PATIENCE_SECONDS)


def seconds_taken(kind: str, after: set[str]) -> tuple[list[float], set[str]]:
    """From due to sent of those not in `after`, and the keys of all."""
    with acting_as(DatabaseRole.ENGINE):
        rows = list(Delivery.objects.filter(kind=kind).exclude(sent_at=None))
    taken = [
        (row.sent_at - row.due_at).total_seconds()
        for row in rows
        if row.sent_at is not None and row.key not in after
    ]
    return taken, {row.key for row in rows}


def reconcile(
    servers: list[MailServer], pages: list[float], second: list[float], phone: Telephone
) -> None:
    verdict = Verdict()
    with acting_as(DatabaseRole.ENGINE):
        rows = list(Delivery.objects.exclude(kind=Delivery.Kind.CANARY))
        by_phone = Delivery.objects.filter(carried_by=Delivery.Carrier.FALLBACK).count()
    ids = {message_ids.of_delivery(row.pk) for row in rows}
    mails = {message_ids.of_delivery(row.pk) for row in rows if row.kind == Delivery.Kind.EMAIL}
    unsent = sum(row.sent_at is None for row in rows)
    arrivals = Counter(one for server in servers for one in server.arrived)
    twice = sum(arrivals.values()) - len(arrivals)
    by_second = len(servers[1].arrived)
    print(f"mails {len(mails)}, arrived {sum(arrivals.values())}, by the second {by_second}")
    print(f"pages {len(pages)}, by the telephone {by_phone}; again under the same id {twice}")
    print(
        f"from due to sent: pages p50 {percentile(pages, 0.5):.1f} s, max {max(pages):.1f} s; "
        f"mails with a second server p50 {percentile(second, 0.5):.1f} s, max {max(second):.1f} s"
    )
    verdict.expect(unsent == 0, f"not sent {unsent}")
    verdict.expect(not mails - arrivals.keys(), f"mails lost {len(mails - arrivals.keys())}")
    verdict.expect(not arrivals.keys() - ids, f"other ids {len(arrivals.keys() - ids)}")
    verdict.expect(max(pages) <= PATIENCE_SECONDS, f"pages in {max(pages):.1f} s <= 60 s")
    verdict.expect(max(second) <= PATIENCE_SECONDS, f"mails in {max(second):.1f} s <= 60 s")
    verdict.end()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--tickets", type=int, default=6, help="of each kind, for each seed")
    asked = ask.parse_args()
    pages: list[float] = []
    second: list[float] = []
    with test_server() as server, server.fresh("drill") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.update(patience_seconds=3600)  # one page for each ticket
        with telephone() as phone, mail_servers(2) as servers, processes(urls) as run:
            first = servers[0]
            with acting_as(DatabaseRole.ENGINE):
                reachable_by_mail_then(people.engineer, phone)
            run.environment["VIGIL_EMAIL_URL"] = first.url
            for seed in range(1, asked.seeds + 1):
                chance = random.Random(seed)
                alone, beside = chance.choice(TROUBLES), chance.choice(TROUBLES)
                run.environment.pop("VIGIL_EMAIL_FALLBACK_URL", None)
                first.trouble = alone
                run.start("engine")
                _taken, before = seconds_taken("page", set())
                without_a_second(run, people.developer, first, asked.tickets)
                pages += seconds_taken("page", before)[0]
                run.end("engine")
                run.environment["VIGIL_EMAIL_FALLBACK_URL"] = servers[1].url
                first.trouble = beside
                run.start("engine")
                _taken, before = seconds_taken("email", set())
                with_a_second(run, people.developer, asked.tickets)
                second += seconds_taken("email", before)[0]
                run.end("engine")
                print(f"seed {seed}: alone “{alone}”, with a second “{beside}”", flush=True)
            reconcile(servers, pages, second, phone)


if __name__ == "__main__":
    main()
