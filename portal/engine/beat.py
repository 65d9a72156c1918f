"""The engine's sign of life, for the watchdog and for `/health/`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import connection

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal.engine.handlers import PROMISE_KINDS

EVERY_SECONDS: Final = 2.0

_BEAT = """
insert into portal_engine_beat as beat (instance, started_at, beat_at, oldest_due)
values (%(instance)s, %(now)s, %(now)s, %(oldest)s)
on conflict (instance) do update set beat_at = excluded.beat_at, oldest_due = excluded.oldest_due
"""
_FORGET_DEAD = "delete from portal_engine_beat where beat_at < %s - interval '1 hour'"
_FORGET = "delete from portal_engine_beat where instance = %s"


class Beat:
    """One engine's own row; `oldest_due` is the promise, ladder step or page waiting longest."""

    def __init__(self) -> None:
        self.instance = uuid.uuid4()

    def turn(self) -> float:
        """Write the beat; returns the seconds until the next."""
        with acting_as(DatabaseRole.ENGINE) as now, connection.cursor() as cursor:
            parameters: dict[str, str | dt.datetime | None] = {
                "instance": str(self.instance),
                "now": now,
                "oldest": oldest_due(now),
            }
            cursor.execute(_BEAT, parameters)
            cursor.execute(_FORGET_DEAD, [now])
        return EVERY_SECONDS

    def end(self) -> None:
        """Take the row away: this engine ended on purpose."""
        with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
            cursor.execute(_FORGET, [str(self.instance)])


def oldest_due(now: dt.datetime) -> dt.datetime | None:
    """Since when something has been waiting that should not wait; None when nothing is."""
    deadline = (
        Deadline.objects.filter(
            settled_at=None, failed_at=None, claimable_at__lte=now, kind__in=PROMISE_KINDS
        )
        .order_by("claimable_at")
        .values_list("claimable_at", flat=True)
        .first()
    )
    page = (
        Delivery.objects.filter(
            kind=Delivery.Kind.PAGE,
            sent_at=None,
            failed_at=None,
            cancelled_at=None,
            claimable_at__lte=now,
        )
        .order_by("claimable_at")
        .values_list("claimable_at", flat=True)
        .first()
    )
    return min(filter(None, (deadline, page)), default=None)
