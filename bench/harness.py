"""What bench scripts share: Django on a database of their own, a telephone, counting, a verdict."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import connections

from accounts.models import ContactMethod, User
from portal.database import DatabaseUrls, from_url

PAGE_ID = re.compile(r"/([0-9a-f]{32})~")

logging.disable(logging.WARNING)  # requests and refusals of this process; the others have logs


@dataclass
class Telephone:
    """Takes what Apprise sends to `json://`; `on_call` may make a call wait, or fail.

    `calls` are (arrival, message): seconds since the epoch, and the text with its link;
    `titles` are (arrival, title).
    """

    on_call: Callable[[str], bool] = lambda _message: True
    calls: list[tuple[float, str]] = field(default_factory=list)
    titles: list[tuple[float, str]] = field(default_factory=list)
    address: str = ""

    def messages(self) -> list[str]:
        return [message for _at, message in list(self.calls)]


@contextmanager
def telephone() -> Iterator[Telephone]:
    """Yield a telephone that rings on 127.0.0.1; its `address` is an Apprise URL."""
    phone = Telephone()

    class Call(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  named by the base class
            at = time.time()
            length = int(self.headers["Content-Length"])
            text = self.rfile.read(length)
            if len(text) < length:
                return  # the engine was killed before it had said all; nobody heard it
            body = json.loads(text)
            message = body["message"]
            phone.calls.append((at, message))
            phone.titles.append((at, body["title"]))
            self.send_response(200 if phone.on_call(message) else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                pass  # the engine was killed while it spoke

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Exchange(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with Exchange(("127.0.0.1", 0), Call) as server:
        phone.address = f"json://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield phone
        finally:
            server.shutdown()
            thread.join()


@dataclass
class OutsideSwitch:
    """A dead man's switch as others run it: it alarms when nobody asked for `url` in time.

    `pings` are seconds since the epoch. A switch is set to expect one each `period_seconds` and
    to wait `grace_seconds` more; it alarms for each time that was longer.
    """

    period_seconds: float = 60.0
    grace_seconds: float = 120.0
    pings: list[float] = field(default_factory=list)
    url: str = ""

    def alarms_at(self) -> float | None:
        """When it alarms if nothing more comes; None before the first ping."""
        last = self.pings[-1:]
        return last[0] + self.period_seconds + self.grace_seconds if last else None

    def alarmed(self, until: float) -> bool:
        """Whether it had to alarm at any time from the first ping to `until`."""
        times = [*self.pings, until]
        longest = self.period_seconds + self.grace_seconds
        return any(b - a > longest for a, b in zip(times, times[1:], strict=False))


@contextmanager
def outside_switches(count: int) -> Iterator[list[OutsideSwitch]]:
    """Yield that many, each with an address of its own on 127.0.0.1."""
    switches = [OutsideSwitch() for _ in range(count)]

    class Ping(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  named by the base class
            switches[int(self.path.strip("/"))].pings.append(time.time())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Ping) as server:
        for number, switch in enumerate(switches):
            switch.url = f"http://127.0.0.1:{server.server_address[1]}/{number}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield switches
        finally:
            server.shutdown()
            thread.join()


def rung(phone: Telephone) -> list[str]:
    """The page behind each call, from the link in it."""
    return [found[1] for message in phone.messages() if (found := PAGE_ID.search(message))]


def reachable_by(person: User, phone: Telephone) -> None:
    """Have that person rung by the telephone, and by nothing else."""
    ContactMethod.objects.filter(user=person).delete()
    ContactMethod.objects.create(
        user=person, kind="push", address=phone.address, verified_at=person.date_joined
    )


@contextmanager
def django_on(urls: DatabaseUrls) -> Iterator[None]:
    """Have this script's own Django work on that database."""
    connections.close_all()
    connections["default"].settings_dict.update(from_url(urls.app))
    try:
        yield
    finally:
        connections.close_all()


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies; the largest for 1."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


@dataclass
class Verdict:
    """Prints what was counted and, at the end, PASS or FAIL with what was wrong."""

    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        print(f"  {'ok  ' if holds else 'FAIL'} {what}")
        if not holds:
            self.broken.append(what)

    def end(self) -> None:
        """Leave the script: exit code 0 only when everything held."""
        print("PASS" if not self.broken else f"FAIL: {'; '.join(self.broken)}")
        sys.stdout.flush()
        sys.exit(1 if self.broken else 0)
