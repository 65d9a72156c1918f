"""Changes of duty as deadlines: each roster's next drill, call for notes, and change.

Three rows stand for each roster, and each plans the next of its kind when it is handled. What
they find then is read from the roster anew, so a row that came too early or for a change that
was taken back does nothing but plan again. Only the change itself must never be passed over:
`ShiftWatch` says up to where changes are handled.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Final

from accounts import agenda
from tickets.coverage_recheck import recheck
from tickets.models import Roster, ShiftWatch
from tickets.oncall import duty
from tickets.oncall.changes import Change, changes, next_change
from tickets.oncall.record import histories
from tickets.oncall.rotation import Shift

PLAN: Final = "shift.plan"
DRILL: Final = "shift.drill"
NOTES: Final = "shift.notes"
CHANGE: Final = "shift.change"
# Most rosters change within days; whoever has longer turns is looked at again each day.
WINDOWS: Final = (dt.timedelta(days=3), dt.timedelta(days=40))
INSTANT: Final = dt.timedelta(seconds=1)

Handle = Callable[[Roster, Change], None]


def replan(roster_ids: Iterable[int], now: dt.datetime) -> None:
    """Have the engine plan these rosters' changes anew: call it whenever duty was edited.

    In the same transaction as the edit; the engine sees the rows once that is committed. It
    also looks whether the edit opened a gap in coverage.
    """
    for pk in sorted(set(roster_ids)):
        _ask_for_plan(pk, now.isoformat(), now)
    recheck(now)


def replan_all(now: dt.datetime) -> None:
    """Plan every roster: each engine does so when it starts and once a day.

    It gives a roster made by hand its rows, and rows beyond the weeks that are looked ahead.
    """
    for pk in Roster.objects.order_by("pk").values_list("pk", flat=True):
        _ask_for_plan(pk, f"{now:%Y-%m-%dT%H}", now)


def plan(roster: Roster, now: dt.datetime) -> None:
    """Put down the roster's next drill, call for notes and change, in place of those planned."""
    watch = watched(roster, now)
    _plan_change(roster, watch, now)
    _plan_ahead(roster, DRILL, roster.drill_minutes, now, now)
    _plan_ahead(roster, NOTES, roster.note_minutes, now, now)


def handle_changes(roster: Roster, now: dt.datetime, handle: Handle) -> None:
    """Handle the next change that has come, if one has, and plan the one after it."""
    watch = watched(roster, now)
    found = _next(roster, watch.handled_until, now)
    if found is not None and found.at <= now:
        handle(roster, found)
        watch.handled_until = found.at
        watch.save(update_fields=["handled_until"])
    _plan_change(roster, watch, now)


def handle_ahead(roster: Roster, kind: str, minutes: int, now: dt.datetime, handle: Handle) -> None:
    """Handle the changes of the coming `minutes`, and plan for the first one after them."""
    watched(roster, now)
    until = now + dt.timedelta(minutes=minutes)
    if minutes:
        # A second more on either side: what lies on the edge of what is read is no change.
        a, b = now - INSTANT, until + INSTANT
        for change in changes(_shifts(roster, a, b, now), a, b):
            if now < change.at <= until:
                handle(roster, change)
    _plan_ahead(roster, kind, minutes, until, now)


def turns(roster: Roster, a: dt.datetime, b: dt.datetime, now: dt.datetime) -> list[Shift]:
    """Everybody's duty in [a, b), cut to it, as known now."""
    return _shifts(roster, a, b, now)


def on_duty_anywhere(at: dt.datetime, now: dt.datetime) -> set[int]:
    """Who has a shift on any roster at `at`, as known now."""
    found = duty.shifts(list(Roster.objects.all()), at, at + INSTANT, known_at=now)
    return {
        int(str(turn.member)) for turns in found.values() for turn in turns if turn.starts_at <= at
    }


def watched(roster: Roster, now: dt.datetime) -> ShiftWatch:
    """The roster's watch, locked; a roster that had none is watched from now on."""
    locked = ShiftWatch.objects.select_for_update().filter(roster=roster)
    found = locked.first()
    if found is None:
        ShiftWatch.objects.bulk_create(
            [ShiftWatch(roster=roster, handled_until=now)], ignore_conflicts=True
        )
        found = locked.get()
    return found


def _ask_for_plan(roster_id: int, occasion: str, now: dt.datetime) -> None:
    agenda.schedule(
        kind=PLAN,
        key=f"{PLAN}:{roster_id}:{occasion}",
        due_at=now,
        subject=f"roster/{roster_id}",
        organization_id=None,
        roster=roster_id,
    )


def _plan_change(roster: Roster, watch: ShiftWatch, now: dt.datetime) -> None:
    found = _next(roster, watch.handled_until, now)
    _put(roster, CHANGE, found.at if found else None, now)


def _plan_ahead(
    roster: Roster, kind: str, minutes: int, after: dt.datetime, now: dt.datetime
) -> None:
    found = _next(roster, after, now) if minutes else None
    early = dt.timedelta(minutes=minutes)
    _put(roster, kind, max(now, found.at - early) if found else None, now)


def _put(roster: Roster, kind: str, due_at: dt.datetime | None, now: dt.datetime) -> None:
    """One open row of the kind, or none. The caller holds the watch, so there never are two."""
    subject = f"roster/{roster.pk}"
    agenda.strike(subject=subject, kind=kind, now=now)
    if due_at is None:
        return
    agenda.schedule(
        kind=kind,
        # Struck and put again, perhaps for the same instant: the key must bring it back.
        key=f"{kind}:{roster.pk}:{uuid.uuid4()}",
        due_at=due_at,
        subject=subject,
        organization_id=None,
        roster=roster.pk,
    )


def _next(roster: Roster, after: dt.datetime, now: dt.datetime) -> Change | None:
    """The first change after an instant, looked for some weeks beyond the present."""
    begin = max(after, now)
    record = histories([roster], after, begin + WINDOWS[-1], known_at=now).get(roster.pk)
    for window in WINDOWS:
        end = begin + window
        shifts = duty.reckoned(roster.pk, record, after, end, now)
        found = next_change(shifts, after, end)
        if found is not None:
            return found
    return None


def _shifts(roster: Roster, a: dt.datetime, b: dt.datetime, now: dt.datetime) -> list[Shift]:
    return duty.shifts([roster], a, b, known_at=now).get(roster.pk, [])
