"""Send what is due, outside any transaction, and settle it with the claim's token.

A claim is a lease: whoever holds it sends; if it dies, the lease runs out and the next sender
takes the row, with the same key. A sender that slept past its lease finds its token stale
and writes nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.db import connection
from django.db.models import F, QuerySet
from django.db.utils import Error as DatabaseError

from accounts import agenda, contact_checks, mail_limits
from accounts.models import ContactCheck, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal.engine import failover
from portal.engine.deadlines import LOOK_AGAIN_SECONDS
from portal.engine.failover import Carried
from portal.senders import PermanentFailure, call, check, mail, page, recording
from tickets import page_outcomes
from tickets.hotline import recordings
from tickets.intake import bounced
from tickets.models import Page

# Of a payload once it is sent.
KEPT: Final = (
    "recording",
    "title",
    "subject",
    "language",
    "page",
    "drill",
    "handover",
    "person",
    "path",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Queue:
    """Deliveries that are sent in one way, and how patiently.

    `by_mail` limits it to that channel, or to the others. A sender's network timeouts stay well
    below the lease.
    """

    name: str
    kinds: tuple[Delivery.Kind, ...]
    send: Callable[[Delivery], None]
    lease_seconds: int
    attempts: int
    longest_pause_seconds: int
    by_mail: bool | None = None

    def rows(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(
            kind__in=self.kinds, sent_at=None, failed_at=None, cancelled_at=None
        )
        if self.by_mail is None:
            return rows
        return rows.filter(channel="email") if self.by_mail else rows.exclude(channel="email")

    def pause_after(self, attempts: int) -> dt.timedelta:
        """2, 4, 8 … seconds up to the longest pause."""
        return dt.timedelta(seconds=min(2 ** min(attempts, 30), self.longest_pause_seconds))


# Two lanes for pages, so that a mail server that hangs holds up no telephone. The watchdog's
# canaries go the way of the pages they stand for.
PAGES: Final = (Delivery.Kind.PAGE, Delivery.Kind.CANARY)
PAGES_BY_MAIL: Final = Queue("pages by mail", PAGES, page.send, 30, 20, 30, True)
OTHER_PAGES: Final = Queue("other pages", PAGES, page.send, 30, 20, 30, False)
CHECKS: Final = Queue("checks", (Delivery.Kind.CHECK,), check.send, 30, 6, 30)
MAIL: Final = Queue("mail", (Delivery.Kind.EMAIL,), mail.send, 60, 100, 900)
RECORDINGS: Final = Queue(
    "recordings", (Delivery.Kind.RECORDING,), recording.fetch, recording.LEASE_SECONDS, 40, 900
)


def claim(queue: Queue, limit: int) -> list[Delivery]:
    """Take up to `limit` due rows, those due longest first, each under a lease."""
    with acting_as(DatabaseRole.ENGINE) as now:
        rows = list(
            queue.rows()
            .filter(claimable_at__lte=now)
            .order_by("claimable_at")
            .select_for_update(skip_locked=True)[:limit]
        )
        token = uuid.uuid4()
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            claimable_at=now + dt.timedelta(seconds=queue.lease_seconds),
            lease_token=token,
            attempts=F("attempts") + 1,
        )
    for row in rows:
        row.lease_token, row.attempts = token, row.attempts + 1
    return rows


def seconds_until_next(queue: Queue) -> float:
    """How long nothing of this queue falls due; at most a second."""
    with acting_as(DatabaseRole.ENGINE) as now:
        horizon = now + dt.timedelta(seconds=LOOK_AGAIN_SECONDS)
        following = (
            queue.rows()
            .filter(claimable_at__gt=now, claimable_at__lte=horizon)
            .order_by("claimable_at")
            .values_list("claimable_at", flat=True)
            .first()
        )
    return (following - now).total_seconds() if following else LOOK_AGAIN_SECONDS


def deliver(queue: Queue, delivery: Delivery) -> None:
    """Send a claimed delivery, if it is still wanted, and write down what came of it."""
    if not _is_wanted(delivery):
        return
    if not connection.in_atomic_block:
        connection.close()  # back to the pool: what follows may take seconds
    try:
        carried = failover.hand_over(queue.send, delivery)
    except DatabaseError:
        raise  # of ours, not of the sending: the lease runs out and it is sent then
    except PermanentFailure as problem:
        _failed(queue, delivery, problem, for_good=True)
    except Exception as problem:
        _failed(queue, delivery, problem, for_good=delivery.attempts >= queue.attempts)
    else:
        _sent(delivery, carried)


def _held(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        pk=delivery.pk, lease_token=delivery.lease_token, sent_at=None, failed_at=None
    )


def _is_wanted(delivery: Delivery) -> bool:
    """Whether the lease still is ours and the message still matters; one that does not ends."""
    with acting_as(DatabaseRole.ENGINE) as now:
        if not _held(delivery).filter(cancelled_at=None).exists():
            log.warning("delivery no longer ours to send", key=delivery.key)
            return False
        wanted = _still_matters(delivery, now=now)
        if not wanted:
            _held(delivery).update(cancelled_at=now)
        return wanted


def _still_matters(delivery: Delivery, *, now: dt.datetime) -> bool:
    if mail_limits.is_too_many(delivery):
        log.info("too many mails of this kind to one address", key=delivery.key)
        return False
    match delivery.kind:
        case Delivery.Kind.PAGE:
            is_wanted = call.is_wanted(delivery.payload)
            return is_wanted and not failover.is_superseded(delivery, now=now)
        case Delivery.Kind.RECORDING:
            return recordings.is_wanted(delivery.payload["recording"])
        case Delivery.Kind.CHECK:
            return contact_checks.open_check(delivery.payload["check"], now=now) is not None
        case Delivery.Kind.EMAIL if delivery.subject.startswith(("ticket/", "enquiry/")):
            return not bounced.is_given_up(delivery.address)
    return True


def _sent(delivery: Delivery, carried: Carried) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        rung = _locked_page(delivery)
        payload: dict[str, Any] = {
            name: value for name, value in delivery.payload.items() if name in KEPT
        }
        settled = _held(delivery).update(
            sent_at=now, last_error=carried.problem, carried_by=carried.by, payload=payload
        )
        if not settled:
            log.warning("stale claim: sent, but not ours to settle", key=delivery.key)
            return
        if rung is not None:
            page_outcomes.delivered(page=rung, channel=carried.channel, now=now)
        if delivery.kind == Delivery.Kind.PAGE:
            failover.note_health(delivery, is_well=not carried.problem, now=now)
        elif delivery.kind == Delivery.Kind.CHECK:
            ContactCheck.objects.filter(pk=delivery.payload["check"]).update(sent_at=now)


def _locked_page(delivery: Delivery) -> Page | None:
    """Pages are locked before their deliveries, here as when somebody acknowledges."""
    if delivery.kind != Delivery.Kind.PAGE or "page" not in delivery.payload:
        return None
    return Page.objects.select_for_update().get(pk=delivery.payload["page"])


def _failed_for_good(delivery: Delivery, *, now: dt.datetime) -> None:
    if delivery.kind == Delivery.Kind.PAGE:
        failover.ring_next_method(delivery, now=now)
        failover.note_health(delivery, is_well=False, now=now)
        if "page" in delivery.payload:
            _ask_for_the_next(delivery, now)
    elif delivery.kind == Delivery.Kind.CHECK:
        ContactCheck.objects.filter(pk=delivery.payload["check"]).update(failed_at=now)


def _ask_for_the_next(delivery: Delivery, now: dt.datetime) -> None:
    """Have it looked at whether anybody is still rung: as a deadline, which locks the ticket."""
    agenda.schedule(
        kind="page.unreachable",
        key=f"unreachable:{delivery.pk}",
        due_at=now,
        subject=delivery.subject,
        organization_id=delivery.organization_id,
        page=delivery.payload["page"],
    )


def _failed(queue: Queue, delivery: Delivery, problem: Exception, *, for_good: bool) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        if for_good:
            failover.lock_ladder(delivery)
        settled = _held(delivery).update(
            last_error=f"{type(problem).__name__}: {problem}"[:500],
            claimable_at=now + queue.pause_after(delivery.attempts),
            failed_at=now if for_good else None,
        )
        if settled and for_good:
            _failed_for_good(delivery, now=now)
    if not settled:
        log.warning("stale claim: failed, but not ours to settle", key=delivery.key)
        return
    say = log.error if for_good else log.warning
    say(
        "delivery failed for good" if for_good else "delivery failed",
        key=delivery.key,
        channel=delivery.channel,
        attempts=delivery.attempts,
        problem=f"{type(problem).__name__}: {problem}"[:500],
    )
