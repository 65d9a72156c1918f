"""Claim mails that were stored, understand them, and put back what failed.

A claim is a lease, as with deliveries: if its holder dies the next one takes the mail. What
failed before is claimed alone, so that a mail which kills its reader takes no other along; after
some tries it goes into quarantine.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from accounts.tenancy import DatabaseRole, acting_as
from portal.mail_in.resolver import resolve
from tickets.intake import letter, people, taking, together, understanding
from tickets.intake.letter import Letter
from tickets.intake.proof import Checks
from tickets.intake.reasons import Reason
from tickets.models import Inbound

LOOK_AGAIN_SECONDS: Final = 1.0
LEASE: Final = dt.timedelta(seconds=60)
AT_ONCE: Final = 32
BYTES_AT_ONCE: Final = 8_000_000
ATTEMPTS: Final = 5
LONGEST_PAUSE_SECONDS: Final = 60

# A deadlock, no lock in time, a statement that took too long, rows that changed underneath.
_HELD_BY_OTHERS: Final = {"40P01", "55P03", "57014", "40001"}

log = structlog.get_logger(__name__)

_CLAIM: Final = """
with chosen as (
    select id, attempts, octet_length(raw) as size, is_urgent, claimable_at from tickets_inbound
    where handled_at is null and channel = 'email' and claimable_at <= %(now)s
      and (is_urgent or not %(urgent_only)s)
    order by is_urgent desc, claimable_at limit %(limit)s
    for update skip locked
), ranked as (
    select id, attempts, row_number() over this as place,
           first_value(attempts) over this as first, sum(size) over this - size as before
    from chosen window this as (order by is_urgent desc, claimable_at, id)
)
update tickets_inbound as row
set claimable_at = %(until)s, lease_token = %(token)s, attempts = row.attempts + 1
from ranked
where row.id = ranked.id and (
    ranked.place = 1
    or ranked.first = 0 and ranked.attempts = 0 and ranked.before < %(bytes)s)
returning row.*
"""
_CLAIM_ONE: Final = """
update tickets_inbound set claimable_at = %(until)s, lease_token = %(token)s,
    attempts = attempts + 1
where id = %(pk)s and handled_at is null and claimable_at <= %(now)s
returning *
"""


def handle_some(*, urgent_only: bool = False) -> bool:
    """Understand some of what waits, urgent mail first; False when nothing did."""
    rows = claim(urgent_only=urgent_only)
    handle(rows)
    return bool(rows)


def claim(*, urgent_only: bool = False, limit: int = AT_ONCE) -> list[Inbound]:
    """Take some mails under a lease: not many bytes at once, and what failed before alone."""
    with acting_as(DatabaseRole.ENGINE) as now:
        found = Inbound.objects.raw(
            _CLAIM,
            {
                **_lease(now),
                "urgent_only": urgent_only,
                "limit": limit,
                "bytes": BYTES_AT_ONCE,
            },
        )
        rows = list(found)
    return sorted(rows, key=lambda row: (not row.is_urgent, row.received_at, row.pk))


def claim_one(pk: uuid.UUID) -> list[Inbound]:
    """This mail, if nobody has it and it waits."""
    with acting_as(DatabaseRole.ENGINE) as now:
        return list(Inbound.objects.raw(_CLAIM_ONE, {**_lease(now), "pk": pk}))


def handle(rows: list[Inbound]) -> None:
    """Understand mails that were claimed: urgent ones first, the rest together where that goes.

    What fails is put back, and holds up no other.
    """
    read = [(row, one) for row in rows if (one := _read(row)) is not None]
    if not read:
        return
    with acting_as(DatabaseRole.ENGINE) as now:
        around = people.around([one for _row, one in read], now=now)
    _one_by_one([mail for mail in read if mail[0].is_urgent], around)
    others = [mail for mail in read if not mail[0].is_urgent]
    _one_by_one(together.settle(others, around), around)


def _one_by_one(mails: list[together.Mail], around: people.Around) -> None:
    for row, one in mails:
        try:
            understanding.settle(row, one, around)
        except taking.Lost:
            log.warning("a mail is no longer ours", mail=str(row.pk))
        except (OperationalError, InterfaceError) as problem:
            if not _waited_in_vain(problem):
                raise  # the database, not the mail: the lease runs out and it is tried then
            put_back(row, one, problem)
        except Exception as problem:
            put_back(row, one, problem)


def _waited_in_vain(problem: Exception) -> bool:
    """Whether somebody else held what this one mail needed; the database itself is well."""
    return getattr(problem.__cause__, "sqlstate", None) in _HELD_BY_OTHERS


def checks() -> Checks:
    """How senders are proven, as the settings say."""
    return Checks(settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS, resolve)


def put_back(row: Inbound, read: Letter | None, problem: BaseException) -> None:
    """Try again after a pause; after the last try it waits in quarantine for a person."""
    said = f"{type(problem).__name__}: {problem}".replace("\x00", "")[:500]
    said = said.encode(errors="backslashreplace").decode()  # it may quote what is no character
    is_last = row.attempts >= ATTEMPTS
    say = log.error if is_last else log.warning
    say("a mail failed", mail=str(row.pk), attempts=row.attempts, exc_info=problem)
    try:
        with acting_as(DatabaseRole.ENGINE) as now:
            taking.take(row, read)
            row.last_error = said
            if is_last:
                row.outcome, row.reason = Inbound.Outcome.QUARANTINED, str(Reason.FAILED)
                taking.finish([row], now=now)
            else:
                row.claimable_at = now + pause_after(row.attempts)
                row.save(update_fields=["last_error", "claimable_at"])
    except taking.Lost:
        pass


def pause_after(attempts: int) -> dt.timedelta:
    """2, 4, 8 … seconds, at most a minute."""
    return dt.timedelta(seconds=min(2**attempts, LONGEST_PAUSE_SECONDS))


def _read(row: Inbound) -> Letter | None:
    """None when it cannot be read; it is put back then."""
    if row.attempts > ATTEMPTS:  # its reader died each time, before it could say so
        put_back(row, None, RuntimeError("whoever read this mail died of it"))
        return None
    try:
        recipients = row.envelope.get("recipients", [])
        return letter.read(bytes(row.raw), recipients=recipients, checks=checks())
    except Exception as problem:
        put_back(row, None, problem)
        return None


def _lease(now: dt.datetime) -> dict[str, object]:
    return {"now": now, "until": now + LEASE, "token": uuid.uuid4()}
