"""Raw first, then its effect, once: the same webhook again gets the same answer and does nothing.

Stored as received in a transaction of its own, but for digits, which may be a PIN. Its effect
and its answer are one transaction; of two that come at once the second waits for the first.
What cannot be handled waits in quarantine, and the call goes on somehow.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, transaction

from accounts.tenancy import DatabaseRole, acting_as
from tickets.hotline.answers import Reply
from tickets.models import Call, Inbound

Work = Callable[[Inbound, dt.datetime], Reply]
ATTEMPTS: Final = 3  # where two of a call wait for each other in a circle
_DIGITS: Final = re.compile(rb"(?<![^&])Digits=[^&]*")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Raw:
    """`key` names the one thing this webhook says; `call` is the call's number."""

    key: str
    call: str
    body: bytes
    source: str


def take(raw: Raw, work: Work, render: Callable[[Reply], str], *, otherwise: Reply) -> str:
    """The answer to give, by `work` or from the first time; `otherwise` if that breaks.

    Raises if the database is away.
    """
    keep(raw)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _take(raw, work, render, otherwise)
        except (OperationalError, InterfaceError):
            if attempt == ATTEMPTS:
                raise
            log.warning("a webhook of the hotline is tried again", key=raw.key)
    raise AssertionError("Not reached.")


def keep(raw: Raw, *, reason: str = "") -> None:
    """Store it, once, and for good; with a `reason` straight into the quarantine."""
    with acting_as(DatabaseRole.ENGINE) as now:
        row = Inbound(
            channel=Inbound.Channel.PHONE,
            source=raw.source[:200],
            key=raw.key,
            raw=_DIGITS.sub(b"Digits=*", raw.body),
            received_at=now,
            claimable_at=now,
            outcome=Inbound.Outcome.QUARANTINED if reason else "",
            reason=reason,
            handled_at=now if reason else None,
        )
        Inbound.objects.bulk_create([row], ignore_conflicts=True)


def _take(raw: Raw, work: Work, render: Callable[[Reply], str], otherwise: Reply) -> str:
    with acting_as(DatabaseRole.ENGINE) as now:
        row = Inbound.objects.select_for_update().get(key=raw.key)
        if row.handled_at is not None:
            return str(row.data.get("answer", ""))
        try:
            with transaction.atomic():
                reply = work(row, now)
                row.outcome = Inbound.Outcome.CALL
        except (OperationalError, InterfaceError):
            raise
        except Exception as problem:
            log.exception("a webhook of the hotline could not be handled", key=raw.key)
            row.outcome, row.reason = Inbound.Outcome.QUARANTINED, "trouble"
            row.last_error = f"{type(problem).__name__}: {problem}"[:500]
            reply = otherwise
        call = Call.objects.filter(sid=raw.call).only("organization_id", "ticket_id").first()
        if call is not None and call.ticket_id is not None:
            row.organization_id, row.ticket_id = call.organization_id, call.ticket_id
        row.data = {"answer": render(reply)}
        row.handled_at = now
        row.attempts += 1
        row.save()
        return str(row.data["answer"])
