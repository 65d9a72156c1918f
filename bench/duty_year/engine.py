"""The engine's own handlers in simulated time; now and then killed, in mid-transaction too."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import QuerySet

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal.engine.handlers import HANDLERS
from tickets import page_outcomes
from tickets.models import Escalation, Page, ReachabilityDrill

# What no promise hangs on is left out: letters, files and forecasts cost most of the time.
LEFT_OUT: Final = frozenset(
    kind
    for kind in HANDLERS
    if kind.startswith(("event.", "draft.", "file.", "files.", "coverage.", "canary", "holidays"))
)
KILLED_ONCE_IN: Final = 400
LONGEST_OUTAGE_SECONDS: Final = 40
LEASE: Final = dt.timedelta(seconds=30)


class Killed(Exception):
    """Between the handling of a row and its commit."""


@dataclass
class Engine:
    """`rings` and `drills` hear what reaches a person, and when; again after a kill."""

    chance: random.Random
    rings: Callable[[Page, dt.datetime], None]
    drills: Callable[[ReachabilityDrill], None]
    kills: int = 0
    handled: int = 0
    failed: list[str] = field(default_factory=list)
    latest: dt.timedelta = dt.timedelta(0)
    down_until: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)
    outages: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)

    def next_at(self) -> dt.datetime | None:
        """When there is something to do, and somebody to do it; one small transaction."""
        with acting_as(DatabaseRole.ENGINE):
            due = [
                at
                for at in (
                    _deadlines().values_list("claimable_at", flat=True).first(),
                    _pages().values_list("claimable_at", flat=True).first(),
                )
                if at is not None
            ]
        return max(min(due), self.down_until) if due else None

    def work(self, now: dt.datetime) -> None:
        """Handle everything due by `now`, unless killed meanwhile."""
        while now >= self.down_until and (self._deadline(now) or self._page(now)):
            self.handled += 1

    def _deadline(self, now: dt.datetime) -> bool:
        is_killed = self._draw()
        try:
            with acting_as(DatabaseRole.ENGINE):
                row = _deadlines().filter(claimable_at__lte=now).first()
                if row is None:
                    return False
                HANDLERS[row.kind](row, now)
                if is_killed:
                    raise Killed
                self.latest = max(self.latest, now - row.due_at)
                Deadline.objects.filter(pk=row.pk).update(settled_at=now)
        except Killed:
            self._die(now)
        return True

    def _page(self, now: dt.datetime) -> bool:
        with acting_as(DatabaseRole.ENGINE):
            row = _pages().filter(claimable_at__lte=now).first()
            if row is None:
                return False
            page = _page_of(row)
            if page is not None and page.escalation.state != Escalation.State.RINGING:
                Delivery.objects.filter(pk=row.pk).update(cancelled_at=now)
                return True
            if self._draw():  # sent, and not settled: it goes out again when the lease has run out
                Delivery.objects.filter(pk=row.pk).update(claimable_at=now + LEASE)
                self._die(now)
            else:
                Delivery.objects.filter(pk=row.pk).update(sent_at=now)
                if page is not None:
                    page_outcomes.delivered(page=page, channel=row.channel, now=now)
            drill = ReachabilityDrill.objects.filter(pk=row.payload.get("drill")).first()
        if page is not None:
            self.rings(page, now)
        elif drill is not None:
            self.drills(drill)
        return True

    def _draw(self) -> bool:
        return self.chance.randrange(KILLED_ONCE_IN) == 0

    def _die(self, now: dt.datetime) -> None:
        self.kills += 1
        seconds = self.chance.uniform(1, LONGEST_OUTAGE_SECONDS)
        self.down_until = now + dt.timedelta(seconds=seconds)
        self.outages.append((now, self.down_until))


def _page_of(row: Delivery) -> Page | None:
    """The page a delivery carries; drills and what leads are told carry none."""
    if "page" not in row.payload:
        return None
    return Page.objects.select_related("escalation", "ticket").get(pk=row.payload["page"])


def sweep() -> None:
    """Throw away what is left out, so that it does not pile up before what is due."""
    with acting_as(DatabaseRole.ENGINE):
        Deadline.objects.filter(settled_at=None, kind__in=LEFT_OUT).delete()
        Delivery.objects.filter(sent_at=None).exclude(kind=Delivery.Kind.PAGE).delete()


def _deadlines() -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(settled_at=None, failed_at=None)
    return rows.exclude(kind__in=LEFT_OUT).order_by("claimable_at")


def _pages() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(sent_at=None, failed_at=None, cancelled_at=None)
    return rows.filter(kind=Delivery.Kind.PAGE).order_by("claimable_at")
