"""The ASGI application: one address for streams, one for health, nothing else."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings

from portal import database as databases
from portal.live.clock import Clock
from portal.live.database import UNREACHABLE, Database
from portal.live.hub import Hub, Refused
from portal.live.listener import Listener, listeners
from portal.live.notifications import Notifications
from portal.live.replay import replay
from portal.live.request import Message, Receive, Request, Send, origin_of
from portal.live.revocation import Revocation
from portal.live.stopping import allow_many_connections, on_stop

if TYPE_CHECKING:
    from portal.live.stream import Stream

KEEP_ALIVE_SECONDS = 15.0
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
RETRY_AFTER = (b"retry-after", b"5")


class Application:
    """`GET /live/?after=<event id>` listens, `GET /live/health` tells whether it would work."""

    def __init__(self, database_url: str = "", clock: Clock | None = None) -> None:
        """Without a URL, the database is the one the environment names at start-up."""
        self.clock = clock or Clock()
        self.origin = origin_of(settings.PUBLIC_URL)
        self.hub = Hub(most_streams=settings.LIVE_STREAMS)
        self.database_url = database_url
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close"})

    # --- From start to stop

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        allow_many_connections()
        await self.start()
        on_stop(self.hub.stop)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Begin to listen; works, and keeps trying, while there is no database."""
        self.database = Database(self.database_url or databases.urls().app)
        await self.database.open()
        self.revocation = Revocation(self.hub, self.database, self.clock)
        notifications = Notifications(self.hub, self.database, self.revocation, self.clock)
        for work in (notifications.run(), self.revocation.run(), self._keep_alive()):
            task = asyncio.create_task(work)
            self._tasks.add(task)

    async def stop(self) -> None:
        """End all streams and connections."""
        self.hub.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.database.close()

    async def _keep_alive(self) -> None:
        """Proxies close what is silent; and a browser that is gone is noticed by writing."""
        while True:
            await self.clock.sleep(KEEP_ALIVE_SECONDS)
            self.hub.keep_alive()

    # --- One request

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        request = Request.of(scope)
        if scope["method"] == "OPTIONS" and request.origin == self.origin:
            await self._allow_key(send, request)
        elif scope["method"] != "GET" or scope["path"] not in ("/live/", "/live/health"):
            await self._say(send, request, HTTPStatus.NOT_FOUND)
        elif scope["path"] == "/live/health":
            works = self.hub.listening
            status = HTTPStatus.OK if works else HTTPStatus.SERVICE_UNAVAILABLE
            await self._say(send, request, status)
        elif not request.comes_from(self.origin):
            await self._say(send, request, HTTPStatus.FORBIDDEN)
        else:
            await self._listen(request, receive, send)

    async def _listen(self, request: Request, receive: Receive, send: Send) -> None:
        try:
            listener = await self._who(request)
            if listener is None:
                await self._say(send, request, HTTPStatus.UNAUTHORIZED)
                return
            if not listener.may_listen:
                await self._say(send, request, HTTPStatus.FORBIDDEN)
                return
            stream = self.hub.open(request.session_key, listener)
        except UNREACHABLE:
            await self._say(send, request, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        except Refused as refused:
            await self._say(send, request, HTTPStatus(refused.status))
            return
        try:
            await self._catch_up(request, stream)
            await self._pass_on(request, stream, receive, send)
        finally:
            self.hub.forget(stream)

    async def _who(self, request: Request) -> Listener | None:
        if not request.session_key:
            return None
        async with self.database.reading() as connection:
            found = await listeners(connection, [request.session_key])
        return found.get(request.session_key)

    async def _catch_up(self, request: Request, stream: Stream) -> None:
        """Say what was missed; without a database to ask, that anything may have been."""
        if not request.resumes:
            return
        try:
            async with self.database.reading() as connection:
                await replay(connection, stream, request.after)
        except UNREACHABLE:
            stream.tell(None, None)

    async def _pass_on(
        self, request: Request, stream: Stream, receive: Receive, send: Send
    ) -> None:
        headers = [(b"content-type", b"text/event-stream"), *request.headers(self.origin)]
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        watching = asyncio.create_task(_end_when_gone(stream, receive))
        try:
            while chunk := await stream.next():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not stream.ended:  # else the stream itself cut off a browser that does not read
                raise
        finally:
            watching.cancel()

    async def _allow_key(self, send: Send, request: Request) -> None:
        """Our own frame, from another port, asks whether it may send its key in a header."""
        headers = [
            *request.headers(self.origin),
            (b"access-control-allow-headers", b"authorization"),
        ]
        await send(
            {"type": "http.response.start", "status": HTTPStatus.NO_CONTENT, "headers": headers}
        )
        await send({"type": "http.response.body", "body": b""})

    async def _say(self, send: Send, request: Request, status: HTTPStatus) -> None:
        headers = [PLAIN, *request.headers(self.origin)]
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            headers.append(RETRY_AFTER)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": f"{status.phrase}\n".encode()})


async def _end_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()
