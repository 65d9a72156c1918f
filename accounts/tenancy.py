"""The database wall: for one transaction, become one database role and see its rows only.

Processes log in as `vigil_app`, which by itself may read only what a login needs. Each
request or job opens a transaction and becomes `vigil_customer`, `vigil_staff` or
`vigil_engine` for that transaction; when it ends, PostgreSQL itself takes the role away.
The same statement reads the database's clock, so that every instant written in the
transaction comes from one clock, whichever machine asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class DatabaseRole(Enum):
    """`LOGIN` is the login itself (`vigil_app`), without any tenant's rows."""

    LOGIN = "none"
    CUSTOMER = "vigil_customer"
    STAFF = "vigil_staff"
    ENGINE = "vigil_engine"


# How long one statement may run before PostgreSQL ends it; the engine's batches may take longer.
_STATEMENT_TIMEOUT = {DatabaseRole.ENGINE: "30s"}
_DEFAULT_STATEMENT_TIMEOUT = "2s"

_BECOME = """
select set_config('vigil.orgs', %s, true), set_config('vigil.user', %s, true),
       set_config('statement_timeout', %s, true), set_config('role', %s, true),
       clock_timestamp()
"""
_CURRENT = """
select current_setting('vigil.orgs', true), current_setting('vigil.user', true),
       current_setting('statement_timeout'), current_setting('role')
"""


def database_now(read: dt.datetime) -> dt.datetime:
    """The instant a transaction acts at: as read from the database. Tests replace this."""
    return read


@contextmanager
def acting_as(
    role: DatabaseRole, *, organizations: Iterable[int] = (), user_id: int | None = None
) -> Iterator[dt.datetime]:
    """Open a transaction in that role and yield the database's time (UTC).

    Inside a transaction that is already open, a savepoint is used and the former role is
    taken up again at its end; at the end of a real transaction PostgreSQL does that.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            before = None
            if nested:
                cursor.execute(_CURRENT)
                before = cursor.fetchone()
            cursor.execute(
                _BECOME,
                [
                    ",".join(str(int(pk)) for pk in organizations),
                    "" if user_id is None else str(int(user_id)),
                    _STATEMENT_TIMEOUT.get(role, _DEFAULT_STATEMENT_TIMEOUT),
                    role.value,
                ],
            )
            now = cursor.fetchone()[4]
        yield database_now(now)
        if before is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(_BECOME, [before[0] or "", before[1] or "", before[2], before[3]])


def acting_for(viewer: Viewer) -> AbstractContextManager[dt.datetime]:
    """`acting_as` the role that fits the viewer: customers with their organizations only."""
    if viewer.is_system:
        return acting_as(DatabaseRole.ENGINE)
    user_id = viewer.user.pk if viewer.user else None
    if viewer.staff_role is not None:
        return acting_as(DatabaseRole.STAFF, user_id=user_id)
    if viewer.roles:
        return acting_as(
            DatabaseRole.CUSTOMER, organizations=viewer.organization_ids, user_id=user_id
        )
    return acting_as(DatabaseRole.LOGIN, user_id=user_id)
