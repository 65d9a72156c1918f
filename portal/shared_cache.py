"""A cache all processes share, for rate limits: one small table in PostgreSQL.

Not Django's database cache, for two reasons. That one works inside the request's transaction, so a
count made by a refused request would be rolled back with it, and a lock taken with `add` would
hold up others until the request ends; this one uses connections of its own, as `vigil_app`. And
that one stores pickles, so whoever can write its table can run code; this one stores JSON.
"""

from __future__ import annotations

import atexit
import random
import threading
from typing import Any, LiteralString

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS
from psycopg import Connection
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool

GET = """
select value from portal_shared_cache
where key = %(key)s and (expires_at is null or expires_at > clock_timestamp())
"""
PUT = """
insert into portal_shared_cache as present (key, value, expires_at)
values (%(key)s, %(value)s, clock_timestamp() + make_interval(secs => %(seconds)s))
on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at
where %(overwrite)s or present.expires_at <= clock_timestamp()
returning true
"""
TOUCH = """
update portal_shared_cache set expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
where key = %(key)s and (expires_at is null or expires_at > clock_timestamp()) returning true
"""
DELETE = "delete from portal_shared_cache where key = %(key)s returning true"
SWEEP = "delete from portal_shared_cache where expires_at <= clock_timestamp()"
CLEAR = "delete from portal_shared_cache"
SWEEP_ONE_IN = 500  # writes; each sweep removes what ran out
MAX_CONNECTIONS = 4
WAIT_SECONDS = 5

_pools: dict[str, ConnectionPool[Connection[tuple[Any, ...]]]] = {}
_pools_lock = threading.Lock()


class SharedCache(BaseCache):
    """Django's cache interface on `portal_shared_cache`; values are what JSON can hold."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        row = self._one(GET, {"key": self.make_and_validate_key(key, version)})
        return default if row is None else row[0]

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._put(key, value, timeout, version, overwrite=True)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store `value` unless a live one is there; of several at once exactly one succeeds."""
        return self._put(key, value, timeout, version, overwrite=False)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        found = {
            "key": self.make_and_validate_key(key, version),
            "seconds": self._seconds(timeout),
        }
        return self._one(TOUCH, found) is not None

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._one(DELETE, {"key": self.make_and_validate_key(key, version)}) is not None

    def clear(self) -> None:
        self._one(CLEAR, {})

    def _put(
        self, key: str, value: Any, timeout: Any, version: int | None, *, overwrite: bool
    ) -> bool:
        stored = self._one(
            PUT,
            {
                "key": self.make_and_validate_key(key, version),
                "value": Jsonb(value),
                "seconds": self._seconds(timeout),
                "overwrite": overwrite,
            },
        )
        if random.randrange(SWEEP_ONE_IN) == 0:  # noqa: S311  spreads work, guards nothing
            self._one(SWEEP, {})
        return stored is not None

    def _seconds(self, timeout: Any) -> float | None:
        """Return seconds from now, `None` for ever."""
        wanted = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if wanted is None else float(wanted)

    def _one(self, query: LiteralString, parameters: dict[str, Any]) -> tuple[Any, ...] | None:
        with own_connections().connection() as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchone() if cursor.description else None


def own_connections() -> ConnectionPool[Connection[tuple[Any, ...]]]:
    """Return this process's own few connections to the default database, as the login itself."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    login = {
        "dbname": settings["NAME"], "user": settings["USER"], "password": settings["PASSWORD"],
        "host": settings["HOST"], "port": settings["PORT"], "connect_timeout": WAIT_SECONDS,
    }  # fmt: skip
    key = repr(login)
    with _pools_lock:
        if key not in _pools:
            _pools[key] = ConnectionPool(
                kwargs=login | {"autocommit": True},
                min_size=0,
                max_size=MAX_CONNECTIONS,
                timeout=WAIT_SECONDS,
                check=ConnectionPool.check_connection,
                open=True,
            )
            atexit.register(_pools[key].close)
        return _pools[key]
