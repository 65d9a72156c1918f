"""How PIN guessing is slowed down, by caller and in total, without shutting honest callers out.

A caller's number can be made up, so the lock by number stops only the simple; the total slows
everybody down instead of locking: one try a call and a growing pause. Who is not recognised always
reaches the voicemail, and so a person. Who types a right PIN under the lock hears what a wrong one
would bring about, and rings somebody all the same: the lock may be somebody else's doing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Sum

from accounts import hotline_pins
from accounts.models import Organization
from tickets.models import Call

TRIES: Final = 3  # in one call
WINDOW: Final = dt.timedelta(hours=1)
CALLER_LIMIT: Final = 6  # wrong PINs from one number within the window
TOTAL_LIMIT: Final = 30  # wrong PINs from everywhere within the window
LONGEST_PAUSE_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Brake:
    """`locked`: no PIN of this caller's counts. `tries` and `pause_seconds` go for each call."""

    locked: bool
    tries: int
    pause_seconds: int


def brake(*, caller: str, now: dt.datetime) -> Brake:
    """How patient to be. Takes turns with others that count, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('vigil.hotline.pins'))")
    recent = Call.objects.filter(started_at__gt=now - WINDOW, wrong_pins__gt=0)
    same = recent.filter(caller=caller) if caller else recent.none()  # withheld: anybody
    by_caller = same.aggregate(count=Sum("wrong_pins"))["count"] or 0
    total = recent.aggregate(count=Sum("wrong_pins"))["count"] or 0
    return judged(by_caller, total)


def typed_under_lock(call: Call) -> Organization | None:
    """Whose right PIN was typed when no PIN of that caller's counted; the call has no ticket."""
    organization = call.organization
    if call.ticket_id is not None or organization is None or not call.wrong_pins:
        return None
    return organization if hotline_pins.PHONE in organization.entitlements.channels else None


def judged(by_caller: int, total: int) -> Brake:
    """Pure: what so many wrong PINs within the window lead to."""
    slow = total >= TOTAL_LIMIT
    pause = min(5 * (total // TOTAL_LIMIT), LONGEST_PAUSE_SECONDS)
    return Brake(by_caller >= CALLER_LIMIT, 1 if slow else TRIES, pause)
