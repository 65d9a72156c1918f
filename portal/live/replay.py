"""What somebody missed between the last event their page knew and this moment."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from psycopg import AsyncConnection

from accounts.tenancy import DatabaseRole
from portal.live.listener import Listener
from portal.live.messages import ticket_of
from portal.live.stream import Stream

MOST_REPLAYED: Final = 200
# Ids are given out before a transaction commits, so a lower id can appear after a higher one. No
# transaction lives longer than this (`deploy/roles.sql` ends idle ones after 30 s).
OVERLAP: Final = dt.timedelta(minutes=1)

BECOME: Final = """
select set_config('vigil.orgs', %s, true), set_config('vigil.user', %s, true),
       set_config('statement_timeout', '2s', true), set_config('role', %s, true)
"""
# Each organization's newest from its own index, so a large neighbour costs a small one nothing.
NEWEST_OF_MEMBER: Final = """
select event.id, event.subject, event.recorded_at,
       (select recorded_at from accounts_event where id = %(after)s) as known_at
from unnest(%(organizations)s::bigint[]) as mine (organization_id)
cross join lateral (
    select id, subject, recorded_at from accounts_event
    where organization_id = mine.organization_id and not internal
    order by id desc limit %(most)s
) event
order by event.id desc limit %(most)s
"""
NEWEST_OF_STAFF: Final = """
select id, subject, recorded_at,
       (select recorded_at from accounts_event where id = %(after)s) as known_at
from accounts_event order by id desc limit %(most)s
"""


async def replay(connection: AsyncConnection[Any], stream: Stream, after: int | None) -> None:
    """Tell the stream what its listener may hear of what happened after the event `after`.

    Saying something twice is harmless, missing it is not: events of the minute before are said
    again, and an event nobody knows (None, too) means that everything is fetched again.
    The stream must be open already, so that nothing falls between replay and notification.
    """
    rows = await _newest(connection, stream.listener, -1 if after is None else after)
    newest = rows[0][0] if rows else None
    known_at = rows[0][3] if rows else None
    if after is None or known_at is None:
        stream.tell(None, newest)
        return
    stream.resume_from(after)
    missed = [row for row in rows if row[0] > after or row[2] > known_at - OVERLAP]
    if len(missed) > MOST_REPLAYED:
        stream.tell(None, newest)
        return
    for event, subject, _recorded_at, _known_at in reversed(missed):
        stream.tell(ticket_of(subject), event)


async def _newest(
    connection: AsyncConnection[Any], listener: Listener, after: int
) -> list[tuple[int, str, dt.datetime, dt.datetime | None]]:
    """The newest events first, one more than are replayed, in the listener's database role."""
    role = DatabaseRole.STAFF if listener.is_staff else DatabaseRole.CUSTOMER
    organizations = sorted(listener.organizations)
    async with connection.transaction():
        await connection.execute(
            BECOME, [",".join(map(str, organizations)), str(listener.user_id), role.value]
        )
        cursor = await connection.execute(
            NEWEST_OF_STAFF if listener.is_staff else NEWEST_OF_MEMBER,
            {"after": after, "organizations": organizations, "most": MOST_REPLAYED + 1},
        )
        return await cursor.fetchall()
