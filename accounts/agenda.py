"""Put down what must happen later, and strike it out again.

A row is inserted in the same transaction as the change that causes it; the engine does the
rest. Nothing here sends, waits or sweeps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from accounts.models.deadline import Deadline
from accounts.models.delivery import Delivery
from accounts.rows import insert

_gathered: Final[ContextVar[list[Deadline] | None]] = ContextVar("gathered", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Insert what is scheduled in here by one statement: at the end, or before anything is struck.

    For a verb that puts down several rows; around another one, the outer one counts.
    """
    if _gathered.get() is not None:
        yield
        return
    rows: list[Deadline] = []
    token = _gathered.set(rows)
    try:
        yield
        _insert(rows)
    finally:
        _gathered.reset(token)


def schedule(
    *,
    kind: str,
    key: str,
    due_at: dt.datetime,
    subject: str,
    organization_id: int | None,
    **data: Any,
) -> None:
    """Have the engine handle `kind` at `due_at`. A key that is already there changes nothing."""
    row = Deadline(
        organization_id=organization_id,
        kind=kind,
        key=key,
        subject=subject,
        data=data,
        due_at=due_at,
        claimable_at=due_at,
    )
    rows = _gathered.get()
    if rows is None:
        _insert([row])
    else:
        rows.append(row)


def strike(*, subject: str, kind: str | Collection[str], now: dt.datetime) -> int:
    """Settle the open deadlines of that kind (or kinds) about that subject; returns how many.

    One the engine has in its hands at this moment is left to it: waiting for the engine while
    it waits for the ticket would be a deadlock, and each handler looks again, under the
    ticket's lock, whether there still is something to do.
    """
    _insert(_gathered.get() or [])
    kinds = [kind] if isinstance(kind, str) else kind
    free = Deadline.objects.filter(
        subject=subject, kind__in=kinds, settled_at=None, failed_at=None
    ).select_for_update(skip_locked=True)
    return Deadline.objects.filter(pk__in=free.values("pk")).update(settled_at=now)


def send(
    *,
    kind: Delivery.Kind,
    key: str,
    channel: str,
    address: str,
    subject: str,
    payload: dict[str, Any],
    due_at: dt.datetime,
    organization_id: int | None,
    fallback: str = "",
) -> None:
    """Have the engine deliver a message. A key that is already there changes nothing.

    `fallback` is tried when `address` fails.
    """
    Delivery.objects.bulk_create(
        [
            Delivery(
                organization_id=organization_id,
                kind=kind,
                key=key,
                channel=channel,
                address=address,
                fallback=fallback,
                subject=subject,
                payload=payload,
                due_at=due_at,
                claimable_at=due_at,
            )
        ],
        ignore_conflicts=True,
    )


def withdraw(*, subject: str, now: dt.datetime) -> int:
    """Cancel the messages about that subject which have not left yet; returns how many."""
    return Delivery.objects.filter(
        subject=subject, sent_at=None, failed_at=None, cancelled_at=None
    ).update(cancelled_at=now)


def _insert(rows: list[Deadline]) -> None:
    """Insert them, and empty the list."""
    insert(rows, ignore_conflicts=True)
    rows.clear()
