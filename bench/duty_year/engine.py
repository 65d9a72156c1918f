"""The engine's own handlers in simulated time; now and then killed, in mid-transaction too."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Deadline, Delivery
from portal.engine.handlers import HANDLERS
from tickets import handover, page_outcomes
from tickets.models import Escalation, Page, ReachabilityDrill
from tickets.oncall import shift_changes

# What no promise hangs on is left out: letters, files and forecasts cost most of the time.
LEFT_OUT: Final = frozenset(
    kind
    for kind in HANDLERS
    if kind.startswith(("event.", "draft.", "file.", "files.", "coverage.", "canary", "holidays"))
)
KILLED_ONCE_IN: Final = 400
LONGEST_OUTAGE_SECONDS: Final = 25  # killed again at once, it still is there within a minute
REPLANS_EVERY: Final = dt.timedelta(days=1)
LEASE: Final = dt.timedelta(seconds=30)
AT_ONCE: Final = 10

_WAITING: Final = """
with settled as (
    update accounts_deadline set settled_at = %(now)s
    where id = any(%(handled)s) and settled_at is null
)
(select to_jsonb(row)::text, null::uuid, claimable_at from accounts_deadline as row
 where settled_at is null and failed_at is null and kind <> all(%(left_out)s)
   and id <> all(%(handled)s)
 order by claimable_at limit %(limit)s)
union all
(select null, id, claimable_at from accounts_delivery
 where sent_at is null and failed_at is null and cancelled_at is null and kind = 'page'
 order by claimable_at limit %(limit)s)
order by claimable_at
"""


class Killed(Exception):
    """Between the handling of a row and its commit."""


@dataclass(frozen=True)
class Waiting:
    """A deadline as JSON, or the key of a page's message."""

    at: dt.datetime
    written: str | None
    page: UUID | None

    @property
    def deadline(self) -> Deadline | None:
        if self.written is None:
            return None
        row = json.loads(self.written)
        times = {name: dt.datetime.fromisoformat(row[name]) for name in ("due_at", "claimable_at")}
        return Deadline(**(row | times | {"id": UUID(row["id"])}))


@dataclass
class Engine:
    """`rings`, `drills` and `hands_over` hear what reaches a person; again after a kill.

    Whoever calls has a transaction open in the role of the engine. Each row is handled in a
    savepoint of its own, so that a kill undoes that row and nothing else; in production each
    has a transaction.
    """

    chance: random.Random
    rings: Callable[[Page, dt.datetime], None]
    drills: Callable[[ReachabilityDrill], None]
    hands_over: Callable[[int, str], None]
    kills: int = 0
    handled: int = 0
    latest: dt.timedelta = dt.timedelta(0)
    down_until: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)
    replans_at: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)

    def work(self, now: dt.datetime) -> dt.datetime | None:
        """Handle everything due by `now`, unless killed meanwhile; when there is more to do."""
        if now >= max(self.replans_at, self.down_until):  # when it starts, and once a day
            shift_changes.replan_all(now)
            self.replans_at = now + REPLANS_EVERY
        handled: list[UUID] = []
        while True:
            waiting = _settle_and_look(handled, now)
            due = [one for one in waiting if one.at <= now]
            if not due or now < self.down_until:
                return max(waiting[0].at, self.down_until) if waiting else None
            handled = self._handle(due, now)

    def _handle(self, due: list[Waiting], now: dt.datetime) -> list[UUID]:
        """One after the other until it is killed; the deadlines that are to be settled."""
        handled = []
        for one in due:
            if now < self.down_until:
                break
            deadline = one.deadline
            if deadline is None:
                self._page(Delivery.objects.get(pk=one.page), now)
            elif self._deadline(deadline, now):
                handled.append(deadline.pk)
            self.handled += 1
        return handled

    def _deadline(self, row: Deadline, now: dt.datetime) -> bool:
        """Handle it; False if killed before it was settled."""
        if self._draw():
            try:
                with transaction.atomic():
                    HANDLERS[row.kind](row, now)
                    raise Killed
            except Killed:
                self._die(now)
                return False
        HANDLERS[row.kind](row, now)
        self.latest = max(self.latest, now - row.due_at)
        if row.kind == handover.TELL:
            self.hands_over(int(row.data["handover"]), str(row.data["news"]))
        return True

    def _page(self, row: Delivery, now: dt.datetime) -> None:
        page = _page_of(row)
        if row.cancelled_at is not None:
            return  # taken back by what was handled just before
        if page is not None and page.escalation.state != Escalation.State.RINGING:
            Delivery.objects.filter(pk=row.pk).update(cancelled_at=now)
            return
        if self._draw():  # sent, and not settled: it goes out again when the lease has run out
            Delivery.objects.filter(pk=row.pk).update(claimable_at=now + LEASE)
            self._die(now)
        else:
            Delivery.objects.filter(pk=row.pk).update(sent_at=now)
            if page is not None:
                page_outcomes.delivered(page=page, channel=row.channel, now=now)
        if page is not None:
            self.rings(page, now)
        elif "drill" in row.payload:
            drill = ReachabilityDrill.objects.filter(pk=row.payload["drill"]).first()
            if drill is not None:
                self.drills(drill)
        elif "handover" in row.payload:
            self.hands_over(int(row.payload["handover"]), str(handover.News.OFFERED))

    def _draw(self) -> bool:
        return self.chance.randrange(KILLED_ONCE_IN) == 0

    def _die(self, now: dt.datetime) -> None:
        self.kills += 1
        seconds = self.chance.uniform(1, LONGEST_OUTAGE_SECONDS)
        self.down_until = self.replans_at = now + dt.timedelta(seconds=seconds)


def _page_of(row: Delivery) -> Page | None:
    """The page a delivery carries; drills and what leads are told carry none."""
    if "page" not in row.payload:
        return None
    return Page.objects.select_related("escalation", "ticket").get(pk=row.payload["page"])


def sweep() -> None:
    """Throw away what is left out, so that it does not pile up before what is due."""
    Deadline.objects.filter(settled_at=None, kind__in=LEFT_OUT).delete()
    Delivery.objects.filter(sent_at=None).exclude(kind=Delivery.Kind.PAGE).delete()


def _settle_and_look(handled: list[UUID], now: dt.datetime) -> list[Waiting]:
    """Settle what was handled; what waits longest then, deadlines and pages."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WAITING,
            {"left_out": sorted(LEFT_OUT), "limit": AT_ONCE, "handled": handled, "now": now},
        )
        return [Waiting(at, written, page) for written, page, at in cursor.fetchall()]
