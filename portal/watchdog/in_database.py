"""One look into the database: beats, rows that wait, rows that failed; and the canaries."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import connection
from django.db.models import Min, Q

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal import process_beats
from portal.engine.handlers import PROMISE_KINDS
from portal.watchdog import canary
from portal.watchdog.decision import CANARY_EVERY, CLOCK_JUMPED, InDatabase

NAME: Final = "watchdog"
NEWLY: Final = dt.timedelta(minutes=15)
# What failed is tried again within that time, so what waits longest is among these.
LONGEST_PAUSE: Final = dt.timedelta(seconds=60)
_ENGINES: Final = "select instance::text, beat_at from portal_engine_beat order by instance"
_WORKER: Final = "select beat_at from portal_process_beat where process = 'worker'"
_MAIL: Final = "select beat_at, troubles from portal_process_beat where process = 'mail'"
# What failed is tried again within a minute, and counts from when it came.
_MAIL_LATE: Final = """
select extract(epoch from %s - min(received_at))::float8 from tickets_inbound
where handled_at is null and channel = 'email' and claimable_at <= %s
"""


class Pulse:
    """How long a value has stayed the same, by the clock given; so no other clock matters."""

    def __init__(self, now: float) -> None:
        self._value: object = None
        self._changed = now

    def silent_for(self, value: object, now: float) -> float:
        if value != self._value:
            self._value, self._changed = value, now
        return now - self._changed


class Drift:
    """By how much one clock ran away from another lately: the jump that was largest."""

    def __init__(self) -> None:
        self.last_jump: float | None = None  # by ours
        self._apart: float | None = None
        self._jumps: list[tuple[float, float]] = []

    def seen(self, theirs: float, ours: float) -> float:
        """Both in seconds, read at the same moment; `ours` never goes back."""
        if self._apart is not None:
            by = theirs - ours - self._apart
            self._jumps.append((ours, by))
            if abs(by) > CLOCK_JUMPED:
                self.last_jump = ours
        self._apart = theirs - ours
        recent = ours - NEWLY.total_seconds()
        self._jumps = [(at, by) for at, by in self._jumps if at > recent]
        return max((by for _at, by in self._jumps), key=abs, default=0.0)


class DatabaseLook:
    """Call it for one look; in one thread only."""

    def __init__(
        self,
        canaries: Sequence[canary.Canaries],
        receiver: canary.Receiver,
        troubles: Callable[[], Sequence[str]],
    ) -> None:
        """`troubles` gives the keys of what is wrong, for the beat."""
        self.instance = uuid.uuid4()
        self.canaries = canaries
        self.receiver = receiver
        self.troubles = troubles
        self.engines, self.worker = Pulse(time.monotonic()), Pulse(time.monotonic())
        self.mail = Pulse(time.monotonic())
        self.drift = Drift()

    def __call__(self) -> InDatabase:
        due = [(lane, lane.next_number()) for lane in self.canaries if _is_due(lane)]
        try:
            return self._look(due)
        except Exception:
            connection.close()  # it may be of no use any more
            for lane, number in due:
                lane.lost(number)
            raise

    def _look(self, due: Sequence[tuple[canary.Canaries, int]]) -> InDatabase:
        """One look, which plants the canaries of those numbers."""
        with acting_as(DatabaseRole.ENGINE) as now:
            jumped = self.drift.seen(now.timestamp(), time.monotonic())
            engines, worker, mail = _rows(_ENGINES), _rows(_WORKER), _rows(_MAIL)
            ((mail_late,),) = _rows(_MAIL_LATE, [now, now + LONGEST_PAUSE])
            away = tuple(one for _beat, keys in mail for one in process_beats.keys(keys))
            late = {
                "deadline_late": _late(Deadline, now, kind__in=PROMISE_KINDS),
                "chore_late": _late(Deadline, now, others_than=PROMISE_KINDS),
                "page_late": _late(Delivery, now, kind=Delivery.Kind.PAGE),
            }
            failed = failures(now)
            for lane, number in due:
                # It counts as planted before it is there: it may arrive at once.
                lane.planted(number, time.monotonic())
                canary.plant(
                    instance=self.instance,
                    number=number,
                    channel=lane.channel,
                    address=self.receiver.address(number),
                    now=now,
                )
            process_beats.write(NAME, self.troubles())
        monotonic = time.monotonic()
        found = InDatabase(
            engine_silent=self.engines.silent_for(engines, monotonic),
            worker_silent=self.worker.silent_for(worker, monotonic),
            mail_silent=self.mail.silent_for([beat for beat, _troubles in mail], monotonic),
            mail_late=self._since_jump(mail_late, monotonic),
            mailboxes_away=away,
            clock_jumped=jumped,
            deadline_late=self._since_jump(late["deadline_late"], monotonic),
            chore_late=self._since_jump(late["chore_late"], monotonic),
            page_late=self._since_jump(late["page_late"], monotonic),
        )
        return replace(found, **failed)

    def _since_jump(self, late: float | None, now: float) -> float | None:
        """What a clock that jumped ahead made late has been so since then only."""
        jump = self.drift.last_jump
        return late if late is None or jump is None else min(late, now - jump)


def _is_due(lane: canary.Canaries) -> bool:
    last = lane.last_planted
    return last is None or time.monotonic() - last >= CANARY_EVERY


def failures(now: dt.datetime) -> dict[str, Any]:
    """How much lies in quarantine: promises however long, the rest while it is news."""
    newly = Q(failed_at__gt=now - NEWLY)
    lost = Deadline.objects.filter(failed_at__isnull=False, settled_at=None)
    sent = Delivery.objects.filter(newly, sent_at=None, cancelled_at=None)
    return {
        "lost_promises": lost.filter(kind__in=PROMISE_KINDS).count(),
        "failed_deadlines": lost.filter(newly).exclude(kind__in=PROMISE_KINDS).count(),
        "failed_pages": sent.exclude(kind=Delivery.Kind.EMAIL).count(),
        "failed_mails": sent.filter(kind=Delivery.Kind.EMAIL).count(),
    }


def _late(
    model: type[Deadline] | type[Delivery],
    now: dt.datetime,
    *,
    others_than: frozenset[str] = frozenset(),
    **which: object,
) -> float | None:
    """Seconds since the open row waiting longest was due."""
    if model is Deadline:
        which |= {"settled_at": None}
    else:
        which |= {"sent_at": None, "cancelled_at": None}
    rows = model.objects.filter(
        failed_at=None, claimable_at__lte=now + LONGEST_PAUSE, due_at__lte=now, **which
    )
    if others_than:
        rows = rows.exclude(kind__in=others_than)
    oldest: dt.datetime | None = rows.aggregate(oldest=Min("due_at"))["oldest"]
    return (now - oldest).total_seconds() if oldest else None


def _rows(query: str, parameters: Sequence[dt.datetime] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
