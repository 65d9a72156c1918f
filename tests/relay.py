"""A cable between a process and its database that a test can pull and plug in again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

PATIENCE_SECONDS = 10.0


class Relay:
    """Passes bytes on between 127.0.0.1:`port` and the database; made by `relay`."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.loop = asyncio.new_event_loop()
        self.writers: set[asyncio.StreamWriter] = set()
        self.plugged = True

    async def listen(self) -> None:
        self.server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = int(self.server.sockets[0].getsockname()[1])

    def pull(self) -> None:
        """Break every connection and refuse new ones."""
        self.run(self._pull())

    def plug(self) -> None:
        self.plugged = True

    async def close(self) -> None:
        """End everything that runs on the loop."""
        await self._pull()
        self.server.close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _pull(self) -> None:
        self.plugged = False
        for writer in list(self.writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.plugged:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        self.writers |= {writer, far_writer}
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        self.writers -= {writer, far_writer}

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)


@contextlib.contextmanager
def relay(url: str) -> Iterator[tuple[Relay, str]]:
    """Yield the cable, and the database URL that leads through it."""
    parts = conninfo_to_dict(url)
    cable = Relay(str(parts["host"]), int(str(parts["port"])))
    thread = threading.Thread(target=cable.loop.run_forever, daemon=True)
    thread.start()
    cable.run(cable.listen())
    try:
        yield cable, make_conninfo(url, host="127.0.0.1", port=cable.port)
    finally:
        cable.run(cable.close())
        cable.loop.call_soon_threadsafe(cable.loop.stop)
        thread.join(PATIENCE_SECONDS)
        cable.loop.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
