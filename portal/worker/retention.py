"""Forget what is settled and old: in small batches, each in a transaction of its own.

Only rows nothing refers to and nothing is judged by: what was promised, answered, rung and decided
stands in promises' facts, entries, pages and events, and none of those is ever touched here. What
failed and waits in quarantine stays until somebody has looked at it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import idempotency
from accounts.models import ContactCheck, Deadline, Delivery, IdempotentRequest, WidgetSession
from accounts.tenancy import DatabaseRole, acting_as
from knowledge import search_log
from knowledge.models import SearchRecord
from portal.watchdog import canary

SETTLED_KEPT: Final = dt.timedelta(days=30)  # long enough to look into what happened and when
CANARIES_KEPT: Final = dt.timedelta(days=1)
LEFTOVERS_KEPT: Final = dt.timedelta(days=7)
BATCH: Final = 1000
LONGEST_RUN_SECONDS: Final = 60.0  # the rest has time until the next run

Rows = Callable[[dt.datetime], QuerySet[Any]]


def forget_settled() -> dict[str, int]:
    """Deadlines handled or struck, deliveries sent or cancelled, checks of addresses."""
    rows: dict[str, Rows] = {
        "deadlines": _deadlines,
        "deliveries": _deliveries,
        "checks": _checks,
    }
    return _forget(DatabaseRole.ENGINE, rows)


def forget_searches() -> dict[str, int]:
    """What was searched for in the knowledge base, and with it what was opened, after 180 days."""
    return _forget(DatabaseRole.ENGINE, {"searches": _searches})


def forget_widget_sessions() -> dict[str, int]:
    """Keys of the chat widget's frames that ran out; by then their tokens have, too."""
    return _forget(DatabaseRole.ENGINE, {"widget sessions": _widget_sessions})


def forget_answers() -> dict[str, int]:
    """Answers kept for repeated API requests, once their keys have expired."""
    return _forget(DatabaseRole.ENGINE, {"answers": _answers})


def forget_sessions() -> dict[str, int]:
    """Sessions that ran out, what was noted of them, and old confirmations of addresses.

    As the login itself: no other role may see a session's key.
    """
    rows: dict[str, Rows] = {
        "sessions": _sessions,
        "notes of sessions": _notes_of_sessions,
        "confirmations": _confirmations,
    }
    return _forget(DatabaseRole.LOGIN, rows)


def _deadlines(now: dt.datetime) -> QuerySet[Deadline]:
    canaries = Q(kind=canary.KIND, settled_at__lt=now - CANARIES_KEPT)
    return Deadline.objects.filter(Q(settled_at__lt=now - SETTLED_KEPT) | canaries)


def _deliveries(now: dt.datetime) -> QuerySet[Delivery]:
    old, canaries = now - SETTLED_KEPT, now - CANARIES_KEPT
    return Delivery.objects.filter(
        Q(sent_at__lt=old)
        | Q(cancelled_at__lt=old)
        | Q(kind=Delivery.Kind.CANARY, sent_at__lt=canaries)
        | Q(kind=Delivery.Kind.CANARY, failed_at__lt=canaries)
    )


def _checks(now: dt.datetime) -> QuerySet[ContactCheck]:
    """They are good for an hour; that an address is verified stands on its method."""
    return ContactCheck.objects.filter(expires_at__lt=now - SETTLED_KEPT)


def _answers(now: dt.datetime) -> QuerySet[IdempotentRequest]:
    # An hour more, so that no request which has just begun to renew a key finds it gone.
    expired = now - idempotency.KEPT_FOR - dt.timedelta(hours=1)
    return IdempotentRequest.objects.filter(created_at__lt=expired)


def _searches(now: dt.datetime) -> QuerySet[SearchRecord]:
    return SearchRecord.objects.filter(at__lt=now - search_log.KEPT_FOR)


def _widget_sessions(now: dt.datetime) -> QuerySet[WidgetSession]:
    return WidgetSession.objects.filter(expires_at__lt=now)


def _sessions(now: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def _notes_of_sessions(now: dt.datetime) -> QuerySet[UserSession]:
    age = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) + dt.timedelta(days=1)
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    rows: QuerySet[UserSession] = UserSession.objects.filter(~Exists(alive))
    return rows.filter(last_seen_at__lt=now - age)


def _confirmations(now: dt.datetime) -> QuerySet[EmailConfirmation]:
    rows: QuerySet[EmailConfirmation] = EmailConfirmation.objects.filter(
        sent__lt=now - LEFTOVERS_KEPT
    )
    return rows


def _forget(role: DatabaseRole, kinds: dict[str, Rows]) -> dict[str, int]:
    """Delete batch after batch; returns how many rows of each kind."""
    end = time.monotonic() + LONGEST_RUN_SECONDS
    counts = dict.fromkeys(kinds, 0)
    for name, rows in kinds.items():
        while time.monotonic() < end:
            with acting_as(role) as now:
                keys = list(rows(now).values_list("pk", flat=True)[:BATCH])
                rows(now).filter(pk__in=keys).delete()
            counts[name] += len(keys)
            if len(keys) < BATCH:
                break
    return counts
