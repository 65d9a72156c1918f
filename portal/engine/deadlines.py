"""Handle what is due, exactly once.

A deadline is claimed, handled and settled in one transaction, so an engine killed at any
moment has either done all of it or nothing. What fails is put back with a growing pause and
in the end into quarantine, and never holds up the others.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as
from portal.engine.handlers import HANDLERS, PROMISE_KINDS

LOOK_AGAIN_SECONDS: Final = 1.0
ATTEMPTS: Final = 8
LONGEST_PAUSE_SECONDS: Final = 60  # a promise or a ladder is never tried again later than this

log = structlog.get_logger(__name__)


def handle_next(*, promises: bool) -> bool:
    """Handle the deadline that has been due longest; False when none is.

    `promises` chooses the lane: promises and ladders, or everything else.
    """
    with acting_as(DatabaseRole.ENGINE) as now:
        row = (
            _open(promises=promises)
            .filter(claimable_at__lte=now)
            .order_by("claimable_at")
            .select_for_update(skip_locked=True)
            .first()
        )
        if row is None:
            return False
        try:
            with transaction.atomic():
                HANDLERS[row.kind](row, now)
        except Exception as problem:
            if connection.needs_rollback:  # the connection itself is gone
                raise
            _put_back(row, problem, now=now)
        else:
            row.settled_at = now
            row.save(update_fields=["settled_at"])
    return True


def seconds_until_next(*, promises: bool) -> float:
    """How long nothing of this lane falls due; at most a second.

    It looks no further ahead than that second, so it costs the same with any number of
    promises running.
    """
    with acting_as(DatabaseRole.ENGINE) as now:
        horizon = now + dt.timedelta(seconds=LOOK_AGAIN_SECONDS)
        following = (
            _open(promises=promises)
            .filter(claimable_at__gt=now, claimable_at__lte=horizon)
            .order_by("claimable_at")
            .values_list("claimable_at", flat=True)
            .first()
        )
    return (following - now).total_seconds() if following else LOOK_AGAIN_SECONDS


def pause_after(attempts: int) -> dt.timedelta:
    """2, 4, 8 … seconds, at most a minute."""
    return dt.timedelta(seconds=min(2**attempts, LONGEST_PAUSE_SECONDS))


def _open(*, promises: bool) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(settled_at=None, failed_at=None)
    return rows.filter(kind__in=PROMISE_KINDS) if promises else rows.exclude(kind__in=PROMISE_KINDS)


def _put_back(row: Deadline, problem: Exception, *, now: dt.datetime) -> None:
    row.attempts += 1
    row.last_error = f"{type(problem).__name__}: {problem}"[:500]
    row.claimable_at = now + pause_after(row.attempts)
    if row.attempts >= ATTEMPTS:
        row.failed_at = now
    row.save(update_fields=["attempts", "last_error", "claimable_at", "failed_at"])
    say = log.error if row.failed_at else log.warning
    say(
        "deadline in quarantine" if row.failed_at else "deadline failed",
        kind=row.kind,
        key=row.key,
        attempts=row.attempts,
        exc_info=problem,
    )
