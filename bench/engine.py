"""How soon pages leave, and what the engine's look costs, with 2,000 and 200,000 open tickets.

    .venv/bin/python -m bench.engine [small] [large]

On a database of its own, filled in bulk; the engine is the real process, and its pages go to a
telephone on 127.0.0.1. From a ladder's (step's) due time to the arrival of its page there must be
less than a second, and a look of the engine at an unchanged agenda must cost the same with a
hundred times the tickets. The floor is a bare indexed `select`, timed in the same run.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from psycopg.conninfo import make_conninfo

from accounts.models import Deadline, Organization
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import (
    PAGE_ID,
    Telephone,
    Verdict,
    django_on,
    percentile,
    reachable_by,
    telephone,
)  # fmt: skip
from portal.engine import deadlines, deliveries
from tests import factories
from tests.cast import make_cast
from tests.database import TestServer, test_server
from tests.portal.queries import queries_of
from tests.processes import Processes, processes, wait_until
from tickets import engine_requests
from tickets.models import LadderStep, Page, Ticket
from tickets.models.ticket import Severity

SIZES = [int(size) for size in sys.argv[1:]] or [2_000, 200_000]
LADDERS = 25  # each rings twice: when it starts, and at its second step
APART_SECONDS = 0.6
FIRST_AFTER_SECONDS = 8.0
PATIENCE_SECONDS = 8
IDLE_SECONDS = 20.0
ROUNDS = 200
MOST_DELAY_SECONDS = 1.0
MOST_RATIO = 1.5
FILL = (Path(__file__).parent / "full_desk.sql").read_text()


@dataclass(frozen=True)
class Figures:
    """Of one size: delays in seconds, CPU in seconds a minute, times in milliseconds."""

    delays: list[float]
    cpu: float
    buffers: int
    look: float
    floor: float
    queue: tuple[int, float]
    ticket: tuple[int, float]


def fill(server: TestServer, name: str, people: SimpleNamespace, first: int, last: int) -> None:
    """Add open tickets of those numbers; as superuser, so that 200,000 take no minute."""
    values = {
        "first": first, "last": last,
        "organization": people.star.pk, "reporter": people.developer.pk,
    }  # fmt: skip
    started = time.monotonic()
    url = make_conninfo(server.superuser_url, dbname=name)
    with psycopg.connect(url, autocommit=True) as superuser:
        with superuser.transaction():
            superuser.execute("set local session_replication_role = replica")
            for statement in FILL.split(";\n"):
                superuser.execute(statement, values)
            for table, last_id in (("tickets_ticket", last), ("tickets_promise", 2 * last + 1)):
                superuser.execute(
                    "select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last_id]
                )
        superuser.execute("vacuum analyze")  # as autovacuum does on a server that runs on
    with acting_as(DatabaseRole.ENGINE):
        Organization.objects.filter(pk=people.star.pk).update(ticket_count=last)
    print(f"{last:,} open tickets, filled in {time.monotonic() - started:.0f} s", flush=True)


def delays_of(phone: Telephone, people: SimpleNamespace) -> list[float]:
    """Start ladders spread over time; seconds from each due time to its page's arrival."""
    before = len(phone.calls)
    with acting_as(DatabaseRole.ENGINE) as now:
        tickets = [
            factories.ticket(people.developer, severity=Severity.IMPORTANT, now=now)
            for _ in range(LADDERS)
        ]
        for number, ticket in enumerate(tickets):
            seconds = FIRST_AFTER_SECONDS + number * APART_SECONDS
            engine_requests.ring(ticket, reason="manual", now=now + dt.timedelta(seconds=seconds))
    wait_until(lambda: len(phone.calls) >= before + 2 * LADDERS, "all pages arrive", 90)
    arrived: dict[str, float] = {}
    for at, message in phone.calls[before:]:
        if found := PAGE_ID.search(message):
            arrived.setdefault(found[1], at)
    with acting_as(DatabaseRole.ENGINE):
        return [
            arrived[page.pk.hex] - _due(page).timestamp()
            for page in Page.objects.filter(ticket__in=tickets, step__lt=2)
        ]


def _due(page: Page) -> dt.datetime:
    """When the deadline that rang this page was due."""
    if page.step == 0:
        rows = Deadline.objects.filter(subject=f"ticket/{page.ticket_id}", kind="ladder.start")
    else:
        rows = Deadline.objects.filter(key=f"escalation/{page.escalation_id}:{page.step}")
    return rows.get().due_at


def looks(now: dt.datetime) -> list[QuerySet[Any]]:
    """What all lanes ask of the database when nothing is due."""
    agenda = [deadlines._open(promises=lane) for lane in (True, False)]
    outgoing = [
        queue.rows()
        for queue in (deliveries.OTHER_PAGES, deliveries.PAGES_BY_MAIL, deliveries.MAIL)
    ]
    horizon = now + dt.timedelta(seconds=deadlines.LOOK_AGAIN_SECONDS)
    asked: list[QuerySet[Any]] = []
    for rows in (*agenda, *outgoing):
        due = rows.filter(claimable_at__lte=now).order_by("claimable_at")
        soon = rows.filter(claimable_at__gt=now, claimable_at__lte=horizon)
        asked += [due.select_for_update(skip_locked=True)[:4], soon.order_by("claimable_at")[:1]]
    return asked


def cost_of_a_look() -> tuple[int, float]:
    """Buffers all these queries touch together, and the milliseconds PostgreSQL takes for them."""
    buffers, times = 0, []
    with acting_as(DatabaseRole.ENGINE) as now, connection.cursor() as cursor:
        for rows in looks(now):
            statement, values = rows.query.sql_with_params()
            runs = []
            for _ in range(5):
                cursor.execute(f"explain (analyze, buffers, format json) {statement}", values)
                (plan,) = cursor.fetchone()[0]
                runs.append(plan["Execution Time"])
            buffers += plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
            times.append(statistics.median(runs))
    return buffers, sum(times)


def median_of(what: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds one call takes, the median of that many."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        what()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def floor() -> float:
    """A bare round trip: one row by its primary key."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        pk = Ticket.objects.order_by("pk").values_list("pk", flat=True)[0]
        return median_of(lambda: cursor.execute("select 1 from tickets_ticket where id = %s", [pk]))


def idle_cpu(run: Processes) -> float:
    """CPU seconds the engine takes in a minute with nothing due."""
    engine = psutil.Process(run.pid("engine"))

    def spent() -> float:
        return sum(engine.cpu_times()[:2])

    start = spent()
    time.sleep(IDLE_SECONDS)
    return (spent() - start) * 60 / IDLE_SECONDS


def page_cost(person: Any, address: str) -> tuple[int, float]:
    """Queries and milliseconds of one page, without a network."""
    client = Client(headers={"host": urlsplit(settings.PUBLIC_URL).netloc})
    client.force_login(person)
    client.get(address)  # the first one after a login also settles the session
    asked = [sql for sql in queries_of(client, address) if sql not in ("BEGIN", "COMMIT")]
    return len(asked), median_of(lambda: client.get(address), 10)


def measure(run: Processes, phone: Telephone, people: SimpleNamespace) -> Figures:
    run.start("engine")
    delays = delays_of(phone, people)
    time.sleep(3)  # mails about it are sent
    cpu = idle_cpu(run)
    run.end("engine")
    with acting_as(DatabaseRole.ENGINE):
        reference = Ticket.objects.select_related("organization").order_by("-pk")[0].reference
    return Figures(
        delays,
        cpu,
        *cost_of_a_look(),
        floor(),
        page_cost(people.engineer, "/admin/queue/"),
        page_cost(people.engineer, f"/admin/ticket/{reference}/"),
    )


def report(small: Figures, large: Figures) -> None:
    verdict = Verdict()
    head = ("", *(f"{size:,}" for size in SIZES), "ratio")
    rows: list[tuple[str, float, float, str]] = [
        (f"due to arrival, {name}, ms", percentile(small.delays, share) * 1000,
         percentile(large.delays, share) * 1000, ".0f")
        for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))
    ]  # fmt: skip
    rows += [
        ("idle engine, CPU s a minute", small.cpu, large.cpu, ".2f"),
        ("one look of all lanes, buffers", small.buffers, large.buffers, ".0f"),
        ("one look of all lanes, database ms", small.look, large.look, ".3f"),
        ("floor: one indexed select, ms", small.floor, large.floor, ".3f"),
        ("queue page, queries", small.queue[0], large.queue[0], ".0f"),
        ("queue page, ms", small.queue[1], large.queue[1], ".0f"),
        ("ticket page of staff, queries", small.ticket[0], large.ticket[0], ".0f"),
        ("ticket page of staff, ms", small.ticket[1], large.ticket[1], ".0f"),
    ]
    print(f"{head[0]:<36}{head[1]:>10}{head[2]:>10}{head[3]:>8}")
    for name, first, second, shape in rows:
        print(f"{name:<36}{first:>10{shape}}{second:>10{shape}}{second / max(first, 1e-9):>8.2f}")
    for size, figures in zip(SIZES, (small, large), strict=True):
        longest = max(figures.delays)
        what = f"{size:,}: {len(figures.delays)} pages, the latest {longest * 1000:.0f} ms < 1 s"
        verdict.expect(longest < MOST_DELAY_SECONDS, what)
    verdict.expect(large.cpu / small.cpu <= MOST_RATIO, "CPU of an idle engine does not grow")
    verdict.expect(large.buffers / small.buffers <= MOST_RATIO, "buffers of a look do not grow")
    verdict.expect(large.queue[0] == small.queue[0], "queries of the queue page do not grow")
    verdict.expect(large.ticket[0] == small.ticket[0], "queries of the ticket page do not grow")
    verdict.end()


def main() -> None:
    with test_server() as server, server.fresh("bench") as urls, django_on(urls):
        name = connection.settings_dict["NAME"]
        with acting_as(DatabaseRole.ENGINE):
            people = make_cast()
            LadderStep.objects.filter(position=0).update(patience_seconds=PATIENCE_SECONDS)
            LadderStep.objects.filter(position__gt=0).update(patience_seconds=3600)
        with telephone() as phone, processes(urls) as run:
            with acting_as(DatabaseRole.ENGINE):
                reachable_by(people.engineer, phone)
                reachable_by(people.second, phone)
            found, filled = [], 0
            for size in SIZES:
                fill(server, name, people, filled + 1, size)
                found.append(measure(run, phone, people))
                filled = size + LADDERS  # those that were rung in between took the next numbers
        report(*found)


if __name__ == "__main__":
    main()
