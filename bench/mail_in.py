"""How many mails a second are taken in: stored, read and made into tickets and replies.

    .venv/bin/python -m bench.mail_in [mails]

On a database of its own, with 40 customers. In process: one thread stores, then the same
understands (two thirds of the mails reply in a ticket, one third opens one; a tenth has files);
then once more with as many processes that understand as there are cores. Through the listener:
four clients speak SMTP to a real socket, each mail on its own transaction, and what is confirmed
is counted in the store. The floor is one bare insert and commit of a mail, timed in the same run.
"""

from __future__ import annotations

import multiprocessing
import os
import smtplib
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections
from django.test.utils import override_settings

from accounts.tenancy import DatabaseRole, acting_as
from bench.cost import Cost, cost
from bench.harness import Verdict, django_on
from portal.database import POOL
from portal.engine.outage import Outage
from portal.mail_in import understanding
from portal.mail_in.door import Door
from portal.mail_in.listener import Listener, Place
from tests import factories
from tests.cast import make_cast
from tests.database import test_server
from tests.mails import OURS, SUPPORT, mail
from tickets.intake.reply_address import reply_address
from tickets.intake.store import store
from tickets.models import Inbound

MAILS: Final = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
CLIENTS: Final = 4
PROCESSES: Final = os.cpu_count() or 1
GOAL: Final = 200.0  # mails a second, in process
CUSTOMERS: Final = 40
TICKETS: Final = 400
LINES: Final = [f"Since 02:{minute:02} messages do not arrive.\n" for minute in range(20)]
BODY: Final = "".join(LINES) + "\n> an older mail\n" * 10


def made(count: int, tickets: list[Any]) -> list[tuple[bytes, str]]:
    """Mails with their recipients: replies, and every third a new problem."""
    found = []
    for number in range(count):
        files = (("app.log", os.urandom(3000)),) if number % 10 == 0 else ()
        body = f"{number}: {BODY}"
        if number % 3 == 0:
            sender = tickets[number % len(tickets)].reporter.email
            found.append(
                (mail(sender, subject=f"Problem {number}", body=body, files=files), SUPPORT)
            )
            continue
        ticket = tickets[number % len(tickets)]
        to = reply_address(ticket_id=ticket.pk, user_id=ticket.reporter_id)
        found.append((mail(ticket.reporter.email, to=to, body=body, files=files), to))
    return found


def rate(count: int, work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def floor(mails: list[tuple[bytes, str]]) -> Cost:
    """Inserts and commits with nothing around them."""

    def work() -> None:
        for number, (raw, _to) in enumerate(mails):
            with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
                cursor.execute(
                    "insert into tickets_inbound (id, channel, source, key, raw, envelope,"
                    " message_id, is_urgent, received_at, claimable_at, attempts, last_error,"
                    " outcome, reason, data, handled_at) values (gen_random_uuid(), 'email',"
                    " 'floor', %s, %s, '{}', '', false, now(), now(), 0, '', 'discarded', '',"
                    " '{}', now())",
                    [f"floor:{number}", raw],
                )

    return cost(len(mails), work)


@contextmanager
def listening() -> Any:
    place, stop = Place("bench", is_lmtp=False, host="127.0.0.1"), threading.Event()
    sock: socket.socket = place.bind()
    running = Listener(Door(limit=30_000_000, outage=Outage()), [(place, sock)], stop=stop)
    running.start()
    try:
        yield sock.getsockname()[1]
    finally:
        stop.set()
        running.join(5)


def send(port: int, mails: list[tuple[bytes, str]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for raw, to in mails:
            client.sendmail("developer@starcast.example", [to], raw)


def through_the_listener(port: int, mails: list[tuple[bytes, str]]) -> None:
    threads = [
        threading.Thread(target=send, args=(port, mails[number::CLIENTS]))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def outcomes() -> dict[str, int]:
    with acting_as(DatabaseRole.ENGINE):
        rows = Inbound.objects.exclude(source="floor").values_list("outcome", flat=True)
        return {name or "waiting": list(rows).count(name) for name in set(rows)}


def understand_all() -> None:
    while understanding.handle_some():
        pass


def store_all(mails: list[tuple[bytes, str]]) -> None:
    for raw, to in mails:
        store(raw, recipients=[to], source="bench")


def understand_side_by_side() -> None:
    """In several processes, each with a connection of its own."""
    connection.close()
    connection.close_pool()
    forked = multiprocessing.get_context("fork")
    workers = [forked.Process(target=understand_all) for _number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def main() -> None:
    verdict = Verdict()
    proof = {"MAIL_PROOF": "authserv", "MAIL_AUTHSERV_IDS": frozenset({OURS})}
    with test_server() as server, server.fresh("mail_in") as urls, django_on(urls):
        connections["default"].settings_dict["OPTIONS"]["pool"] = POOL  # as the process has it
        with override_settings(
            **proof, MAIL_HOURLY=10**9, MEDIA_ROOT=settings.MEDIA_ROOT / "bench"
        ):
            with acting_as(DatabaseRole.ENGINE):
                make_cast()
                reporters = [factories.member(factories.organization()) for _ in range(CUSTOMERS)]
                tickets = [factories.ticket(reporters[n % CUSTOMERS]) for n in range(TICKETS)]
            mails = made(MAILS, tickets)
            print(f"load beside this: {os.getloadavg()[0]:.1f} on {PROCESSES} cores")
            bare = floor(mails)
            stored = cost(MAILS, lambda: store_all(mails))
            understood = cost(MAILS, understand_all)
            both = 1 / (1 / stored.rate + 1 / understood.rate)
            print(f"floor, a bare insert: {bare}")
            print(f"one process: stored {stored}, understood {understood}")
            print(f"  both {both:.0f}/s (ratio to the floor {bare.rate / both:.1f})")
            store_all(made(MAILS, tickets))
            beside = rate(MAILS, understand_side_by_side)
            print(f"{PROCESSES} processes: understood {beside:.0f}/s")
            print(f"  became: {outcomes()}")
            more = made(MAILS, tickets)
            with listening() as port:
                heard = rate(MAILS, lambda: through_the_listener(port, more))
            kept = sum(outcomes().values()) - 2 * MAILS
            print(f"through the listener, {CLIENTS} clients: {heard:.0f}/s; kept {kept} of {MAILS}")
            connection.close()
    verdict.expect(both >= GOAL, "in process, at least 200 a second")
    verdict.expect(kept == MAILS, "everything confirmed is kept")
    verdict.end()


if __name__ == "__main__":
    main()
