"""Reach whoever keeps Vigil running, without the engine and without the database."""

from __future__ import annotations

import queue
import threading
import time
import urllib.request
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from portal.environment import refuse
from portal.watchdog.alarms import Notice, Word

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
PAUSES: Final = (5.0, 15.0, 30.0, 60.0)  # seconds between tries; then it is given up
PING_EVERY: Final = 60.0
PING_AGAIN: Final = 15.0  # after one that failed
FRESH: Final = 10.0  # seconds a word of "all is well" may be old
SUBJECT: Final = "Vigil"

log = structlog.get_logger(__name__)


class Caller(threading.Thread):
    """Tells one address all notices, one after the other, in a thread of its own."""

    def __init__(self, service: Any, number: int, site: str) -> None:
        super().__init__(name=f"alarm {number}", daemon=True)
        self.service = service
        self.site = site
        self.waiting: queue.SimpleQueue[Notice] = queue.SimpleQueue()

    def run(self) -> None:
        while True:
            notice = self.waiting.get()
            for pause in (*PAUSES, None):
                if self._tell(notice):
                    break
                if pause is None:
                    log.error("an alarm could not be sent", to=self.name, keys=notice.keys)
                else:
                    time.sleep(pause)

    def _tell(self, notice: Notice) -> bool:
        from apprise import NotifyFormat, NotifyType

        kind = NotifyType.SUCCESS if notice.word is Word.OVER else NotifyType.FAILURE
        title, body = worded(notice, self.site)
        self.service.socket_connect_timeout = CONNECT_SECONDS
        self.service.socket_read_timeout = READ_SECONDS
        try:
            sent: bool = self.service.notify(
                title=title, body=body, notify_type=kind, body_format=NotifyFormat.TEXT
            )
        except Exception as problem:
            log.warning("an alarm was not sent", to=self.name, why=type(problem).__name__)
            return False
        return sent


class DeadMansSwitch(threading.Thread):
    """Asks for an address once a minute while `well` is said again and again.

    A watchdog whose main loop hangs says nothing any more, so the pings end by themselves.
    """

    def __init__(self, url: str) -> None:
        super().__init__(name="dead man's switch", daemon=True)
        self.url = url
        self._well_at: float | None = None

    def is_well(self, well: bool) -> None:
        self._well_at = time.monotonic() if well else None

    def run(self) -> None:
        not_before = 0.0
        while True:
            time.sleep(1.0)
            well_at, now = self._well_at, time.monotonic()
            if well_at is None or now - well_at > FRESH or now < not_before:
                continue
            not_before = now + (PING_EVERY if self._ping() else PING_AGAIN)

    def _ping(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=READ_SECONDS):  # noqa: S310  checked
                return True
        except Exception as problem:  # never with its address, which is a secret
            log.warning("the outside switch was not reached", why=type(problem).__name__)
            return False


def worded(notice: Notice, site: str) -> tuple[str, str]:
    """Title and text of a notice."""
    title = f"{SUBJECT}: {notice.word.value} ({', '.join(notice.keys)})"
    meaning = "" if notice.word is Word.OVER else "\n\nWhat to do: docs/operations.md, “Alarms”."
    return title, "\n".join(notice.lines) + f"\n\n{site}" + meaning


def callers(urls: list[str], site: str) -> list[Caller]:
    """One for each address; ends the process when Apprise does not know one of them."""
    from apprise import Apprise  # here, because its import takes a third of a second

    found = []
    for number, url in enumerate(urls, start=1):
        service = Apprise.instantiate(url)
        if service is None:
            refuse(f"VIGIL_ALARM_URLS: address {number} is none that Apprise knows.")
        found.append(Caller(service, number, site))
    return found


def switch(url: str) -> DeadMansSwitch | None:
    """None without an address; ends the process when it is none of the web."""
    if not url:
        return None
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        refuse("VIGIL_DEADMAN_URL must be an http(s) address.")
    return DeadMansSwitch(url)
