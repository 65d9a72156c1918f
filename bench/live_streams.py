"""What many open pages cost the live process, and how soon an event reaches all of them.

    .venv/bin/python -m bench.live_streams [streams]

Starts a database and the real `live` process of its own. The floor is what PostgreSQL itself takes
from a commit to a notification, measured in the same run on a connection of this script.
"""

# ruff: noqa: E402  the settings come before what reads them

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

import psutil
import psycopg
from django.conf import settings
from django.db import connections

from accounts.tenancy import DatabaseRole, acting_as
from portal.database import from_url
from portal.live.hub import MOST_PER_PERSON
from tests import factories
from tests.database import test_server
from tests.live_stream import session_of
from tests.processes import Processes, processes

STREAMS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
EVENTS = 20
IDLE_SECONDS = 20.0
INSERT = (
    "insert into accounts_event (organization_id, actor_name, verb, subject, data, internal, at)"
    " values (%s, '', 'ticket.replied', 'ticket/7', '{}', false, now()) returning id"
)


async def open_stream(live_url: str, cookie: str) -> asyncio.StreamReader:
    address = urlsplit(live_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"GET {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={cookie}\r\n\r\n".encode()
    )
    status = await reader.readline()
    assert b" 200 " in status, status
    await reader.readuntil(b"retry: 1000")
    reader.writer = writer  # type: ignore[attr-defined]  keeps the connection open
    return reader


async def arrival(reader: asyncio.StreamReader, event: int) -> float:
    await reader.readuntil(f'"event": {event}}}'.encode())
    return time.perf_counter()


async def deliver(
    run: Processes, organization: int, readers: list[asyncio.StreamReader]
) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds from each commit to the floor's notification, each stream, the last stream."""
    floors, each, last = [], [], []
    writer = await psycopg.AsyncConnection.connect(run.urls.app)
    listener = await psycopg.AsyncConnection.connect(run.urls.app, autocommit=True)
    await listener.execute("listen vigil_event")
    for _ in range(EVENTS):
        await writer.execute("select set_config('role', 'vigil_engine', true)")
        row = await (await writer.execute(INSERT, [organization])).fetchone()
        assert row is not None
        waiting = [asyncio.create_task(arrival(reader, row[0])) for reader in readers]
        heard = asyncio.create_task(anext(listener.notifies(stop_after=1)))
        await asyncio.sleep(0.2)
        start = time.perf_counter()
        await writer.commit()
        await heard
        floors.append((time.perf_counter() - start) * 1000)
        arrivals = [(at - start) * 1000 for at in await asyncio.gather(*waiting)]
        each += arrivals
        last.append(max(arrivals))
    await writer.close()
    await listener.close()
    return floors, each, last


def worker(run: Processes) -> psutil.Process:
    """The process that serves: the child of granian's own."""
    return max(psutil.Process(run.pid("live")).children(), key=lambda p: p.memory_info().rss)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def line(name: str, values: list[float]) -> None:
    print(f"{name}: p50 {statistics.median(values):.1f} ms, p95 {percentile(values, 0.95):.1f} ms")


async def measure(run: Processes, cookies: list[str], organization: int) -> None:
    process = worker(run)
    before = process.memory_info().rss
    started = time.perf_counter()
    readers = [
        await open_stream(run.live_url, cookies[number // MOST_PER_PERSON])
        for number in range(STREAMS)
    ]
    print(f"streams: {len(readers)}, opened in {time.perf_counter() - started:.1f} s")
    rss = process.memory_info().rss
    print(f"memory: {before / 2**20:.0f} MiB without, {rss / 2**20:.0f} MiB with them,", end=" ")
    print(f"{(rss - before) / STREAMS / 1024:.1f} KiB each")
    spent = sum(process.cpu_times()[:2])
    await asyncio.sleep(IDLE_SECONDS)
    spent = sum(process.cpu_times()[:2]) - spent
    print(f"idle: {spent / IDLE_SECONDS:.1%} of one core over {IDLE_SECONDS:g} s")
    floors, each, last = await deliver(run, organization, readers)
    print(f"events: {EVENTS}, deliveries: {len(each)} of {EVENTS * STREAMS}")
    line("floor, one notification from PostgreSQL", floors)
    line("one event to each stream", each)
    line("one event to the last stream", last)
    print(f"ratio to the floor (p50): {statistics.median(each) / statistics.median(floors):.1f}")
    for reader in readers:
        reader.writer.close()  # type: ignore[attr-defined]


def main() -> None:
    with test_server() as server, server.fresh("bench") as urls:
        connections["default"].settings_dict.update(from_url(urls.app))
        with acting_as(DatabaseRole.ENGINE):
            star = factories.organization("StarCast", key="STAR")
            people = [factories.member(star) for _ in range(-(-STREAMS // MOST_PER_PERSON))]
        cookies = [session_of(person) for person in people]
        with processes(urls) as run:
            run.start("live")
            asyncio.run(measure(run, cookies, star.pk))
        connections.close_all()


if __name__ == "__main__":
    main()
