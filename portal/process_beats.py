"""Signs of life of processes that run once or a few times, one row for each kind of process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from portal.startup_checks import Cursor

_WRITE = """
insert into portal_process_beat as beat (process, beat_at, troubles)
values (%s, clock_timestamp(), %s)
on conflict (process) do update set beat_at = excluded.beat_at, troubles = excluded.troubles
"""
_READ = """
select process, extract(epoch from clock_timestamp() - beat_at)::float8, troubles
from portal_process_beat
"""


@dataclass(frozen=True, slots=True)
class ProcessBeat:
    """`age` is in seconds by the database's clock; `troubles` are keys of what is wrong."""

    process: str
    age: float
    troubles: tuple[str, ...]


def write(process: str, troubles: Sequence[str] = ()) -> None:
    """Say that this process is alive, in any role that may write the table."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [process, json.dumps(list(troubles))])


def read(cursor: Cursor) -> dict[str, ProcessBeat]:
    """The beats there are, by the name of the process; readable by the login itself."""
    cursor.execute(_READ)
    return {
        name: ProcessBeat(name, age, tuple(keys(troubles)))
        for name, age, troubles in cursor.fetchall()
    }


def keys(troubles: object) -> list[str]:
    """Troubles as read: Django's cursors give jsonb as text, psycopg's as what it is."""
    found = json.loads(troubles) if isinstance(troubles, str) else troubles
    return [str(key) for key in found] if isinstance(found, list) else []
