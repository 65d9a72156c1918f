"""Whether an engine is at work: read by `/healthz` and by pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from portal.startup_checks import Cursor

SILENT_AFTER_SECONDS: Final = 15.0
LATE_AFTER_SECONDS: Final = 30.0

# Ages by the database's clock, of the engine that beat last; readable by the login itself.
_READ = """
select extract(epoch from clock_timestamp() - beat_at)::float8,
       extract(epoch from beat_at - oldest_due)::float8,
       (select count(*) from portal_engine_beat
        where beat_at > clock_timestamp() - make_interval(secs => %s))
from portal_engine_beat order by beat_at desc limit 1
"""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`state` is "ok", "late" (something due waits) or "silent" (no engine beats).

    `beat_age` and `late_by` are seconds; None when there never was a beat, or nothing waits.
    """

    state: str
    instances: int
    beat_age: float | None
    late_by: float | None

    @property
    def is_ok(self) -> bool:
        return self.state == "ok"


def status() -> EngineStatus:
    """One small query, in any role that may read as `vigil_app`."""
    with connection.cursor() as cursor:
        return read(cursor)


def read(cursor: Cursor) -> EngineStatus:
    """The same with a cursor of Django's or of psycopg's."""
    cursor.execute(_READ, [SILENT_AFTER_SECONDS])
    row = cursor.fetchone()
    if row is None:
        return EngineStatus("silent", 0, None, None)
    age, late_by, instances = row
    if age > SILENT_AFTER_SECONDS:
        state = "silent"
    elif late_by is not None and late_by > LATE_AFTER_SECONDS:
        state = "late"
    else:
        state = "ok"
    return EngineStatus(state, instances, age, late_by)
