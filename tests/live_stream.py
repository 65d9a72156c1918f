"""The live application on a thread of its own, and pages that listen to it.

Time stands still there until the test moves it; what happens is waited for, never slept for.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.test import Client

from portal.live.asgi import Application
from portal.live.clock import Clock

PATIENCE_SECONDS = 10.0
Result = TypeVar("Result")


class StandingClock(Clock):
    """Moves only by `advance`, which wakes who slept long enough."""

    def __init__(self) -> None:
        self.time = 0.0
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.time + seconds, waiting))
        await waiting

    def advance(self, seconds: float) -> None:
        self.time += seconds
        due = [one for one in self.sleepers if one[0] <= self.time]
        self.sleepers = [one for one in self.sleepers if one[0] > self.time]
        for _at, waiting in due:
            if not waiting.done():
                waiting.set_result(None)


class Page:
    """What one browser page got: the status, the headers, and message after message."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.answered = threading.Event()
        self.closed = threading.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.gone = asyncio.Event()
        self._messages: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.text = ""

    def next(self) -> dict[str, Any]:
        """Wait for the next message: `event`, `id` (or None) and the decoded `data`."""
        return self._messages.get(timeout=PATIENCE_SECONDS)

    def next_changes(self, count: int) -> list[int | None]:
        """The tickets of the next messages."""
        return [self.next()["data"]["ticket"] for _ in range(count)]

    @property
    def is_silent(self) -> bool:
        return self._messages.empty()

    def wait_closed(self) -> None:
        assert self.closed.wait(PATIENCE_SECONDS), "the stream is still open"

    async def receive(self) -> dict[str, Any]:
        if not self.answered.is_set():
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            self.answered.set()
            return
        await self.reading.wait()
        body = message["body"].decode()
        self.text += body
        for block in body.split("\n\n"):
            if "data: " in block:
                fields = dict(line.split(": ", 1) for line in block.splitlines())
                data = json.loads(fields["data"])
                self._messages.put({"event": fields["event"], "id": fields.get("id"), "data": data})


class Live:
    """The running application; made by `live`."""

    def __init__(self, application: Application, clock: StandingClock) -> None:
        self.application = application
        self.clock = clock
        self.loop = asyncio.new_event_loop()

    def open(
        self,
        cookie: str = "",
        *,
        query: str = "",
        path: str = "/live/",
        method: str = "GET",
        **headers: str,
    ) -> Page:
        """Ask as a browser would with that session; return when the answer has begun."""
        sent = {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in sent.items()],
        }
        page = Page()
        self.soon(self._serve(scope, page))
        assert page.answered.wait(PATIENCE_SECONDS), "no answer"
        return page

    async def _serve(self, scope: dict[str, Any], page: Page) -> None:
        try:
            await self.application(scope, page.receive, page.send)  # type: ignore[arg-type]
        finally:
            page.closed.set()

    def leave(self, page: Page) -> None:
        """The browser closes the page."""
        self.loop.call_soon_threadsafe(page.gone.set)
        page.wait_closed()

    def advance(self, seconds: float) -> None:
        """Let that much time pass for the process."""
        self.call(lambda: self.clock.advance(seconds))

    def check(self) -> None:
        """Let the look at all listeners happen that is due every five seconds."""
        self.run(self.application.revocation.check())

    def call(self, action: Callable[[], Result]) -> Result:
        """Run something on the process's loop."""

        async def on_loop() -> Result:
            return action()

        return self.run(on_loop())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds inside the process."""

        async def hold() -> None:
            while not condition():
                await asyncio.sleep(0.01)

        self.run(hold())


@contextmanager
def live(database_url: str) -> Iterator[Live]:
    """Run the application on that database; it hears of events when the block begins."""
    clock = StandingClock()
    running = Live(Application(database_url, clock), clock)
    thread = threading.Thread(target=running.loop.run_forever, daemon=True)
    thread.start()
    try:
        running.run(running.application.start())
        running.until(lambda: running.application.hub.listening)
        yield running
    finally:
        running.run(running.application.stop())
        running.run(_cancel_the_rest())
        running.loop.call_soon_threadsafe(running.loop.stop)
        thread.join(PATIENCE_SECONDS)
        running.loop.close()


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def session_of(person: Any) -> str:
    """Log the person in; return the value of their session cookie."""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
