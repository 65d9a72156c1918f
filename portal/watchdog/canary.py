"""Trial pages: a deadline that goes the way of every page, and a receiver that waits for it.

The watchdog plants a deadline due now; the engine's handler makes a delivery of it; the engine's
sender sends that to an address on this machine that only this watchdog's canaries know. There
are two lanes for pages, so there are two canaries: the one in the lane of those by mail is let
go to that address once the mail server has let its sender in.
"""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from accounts import agenda
from accounts.models import Deadline, Delivery

KIND: Final = "canary"
SUBJECT: Final = "canary"
LONGEST_BODY: Final = 65_536
READ_SECONDS: Final = 10
CHANNELS: Final = ("push", "email")  # one in each lane


def plant(
    *, instance: uuid.UUID, number: int, channel: str, address: str, now: dt.datetime
) -> None:
    """Put down the deadline, due at once."""
    agenda.schedule(
        kind=KIND,
        key=f"canary:{instance}:{number}",
        due_at=now,
        subject=SUBJECT,
        organization_id=None,
        channel=channel,
        address=address,
    )


def release(row: Deadline, now: dt.datetime) -> None:
    """The engine's handler: have the canary sent as a page is."""
    agenda.send(
        kind=Delivery.Kind.CANARY,
        key=row.key,
        channel=row.data["channel"],
        address=row.data["address"],
        subject=SUBJECT,
        payload={"title": "canary", "text": row.key},
        due_at=now,
        organization_id=None,
    )


class Canaries:
    """Which of one lane are on their way, and since when; times are seconds that never go back.

    Their numbers are theirs alone: no number belongs to both lanes.
    """

    def __init__(self, now: float, channel: str) -> None:
        self.channel = channel
        self._lock = threading.Lock()
        self._planted: dict[int, float] = {}
        self._number = CHANNELS.index(channel)
        self.last_planted: float | None = None
        self.last_arrived = now
        self.has_arrived = False

    def next_number(self) -> int:
        self._number += len(CHANNELS)
        return self._number

    def planted(self, number: int, now: float) -> None:
        with self._lock:
            self._planted[number] = self.last_planted = now

    def arrived(self, number: int, now: float) -> None:
        """Those planted before it are waited for no more: the way is free again."""
        with self._lock:
            if number in self._planted:
                self._planted = {key: at for key, at in self._planted.items() if key > number}
                self.last_arrived, self.has_arrived = now, True

    def lost(self, number: int) -> None:
        """It could not be planted: plant another at once."""
        with self._lock:
            self._planted.pop(number, None)
            self.last_planted = None

    def waits(self, now: float) -> float | None:
        """Seconds since the oldest was planted that is on its way."""
        with self._lock:
            return now - min(self._planted.values()) if self._planted else None


class Receiver:
    """Where canaries arrive: an address of the watchdog's own, with a secret in it."""

    def __init__(self, host: str, port: int) -> None:
        self.secret = secrets.token_urlsafe(24)
        self.host, self.port = host, port

    def address(self, number: int) -> str:
        """An Apprise URL."""
        return f"json://{self.host}:{self.port}/{self.secret}/{number}"

    def number_in(self, path: str) -> int | None:
        """The canary's number, when the path is one of ours."""
        head, _slash, number = path.strip("/").partition("/")
        is_ours = hmac.compare_digest(head.encode(), self.secret.encode())
        return int(number) if is_ours and number.isascii() and number.isdigit() else None

    @contextmanager
    def listening(self, arrived: Callable[[int], None]) -> Iterator[None]:
        """Listen, on any free port when `port` is 0, and tell of each canary that comes."""
        receiver = self

        class Arrival(BaseHTTPRequestHandler):
            timeout = READ_SECONDS

            def do_POST(self) -> None:  # noqa: N802  named by the base class
                length = self.headers.get("Content-Length", "0")
                if length.isdigit() and int(length) <= LONGEST_BODY:
                    self.rfile.read(int(length))
                number = receiver.number_in(self.path)
                self.send_response(404 if number is None else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if number is not None:
                    arrived(number)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    pass  # whoever spoke has gone

            def log_message(self, format: str, *arguments: Any) -> None:
                pass  # the path is a secret

        class Server(ThreadingHTTPServer):
            daemon_threads = True

        with Server((self.host, self.port), Arrival) as server:
            self.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, name="receiver", daemon=True).start()
            try:
                yield
            finally:
                server.shutdown()
