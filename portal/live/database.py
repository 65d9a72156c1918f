"""This process's own connections, as `vigil_app`: one to listen, a few to look things up."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from portal.startup_checks import POWERS, judge_login

UNREACHABLE: Final = (psycopg.Error, OSError, TimeoutError)
# A dead connection is noticed within seconds, also when a cable and not a server went.
CONNECT: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "prepare_threshold": None,  # a pooler in between may change the server's side
}
MOST_CONNECTIONS: Final = 4
WAIT_SECONDS: Final = 2.0


class Database:
    """Opens connections when they are needed, and again after an outage, however long."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._pool = AsyncConnectionPool(
            url,
            kwargs=CONNECT,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=WAIT_SECONDS,
            configure=_refuse_power,
            check=AsyncConnectionPool.check_connection,
            # Give up on one attempt soon: whoever asks next starts a new one without its pauses.
            reconnect_timeout=WAIT_SECONDS,
            open=False,
        )

    async def open(self) -> None:
        await self._pool.open(wait=False)

    async def close(self) -> None:
        await self._pool.close()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection[Any]]:
        """A connection for one transaction; raises one of UNREACHABLE when there is none."""
        return self._pool.connection()

    async def listening(self) -> AsyncConnection[Any]:
        """A new connection that is told of every event and every hint; the caller closes it."""
        connection = await AsyncConnection.connect(self.url, autocommit=True, **CONNECT)
        try:
            await _refuse_power(connection)
            await connection.execute("listen vigil_event")
            await connection.execute("listen vigil_chat")
        except BaseException:
            await connection.close()
            raise
        return connection


async def _refuse_power(connection: AsyncConnection[Any]) -> None:
    """No connection is used whose login could pass the wall between tenants."""
    cursor = await connection.execute(POWERS)
    judge_login(await cursor.fetchone())
    if not connection.autocommit:
        await connection.commit()
