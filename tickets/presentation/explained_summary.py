"""An explanation in one sentence: "due Mon 10:00: 2 h of working time; Sun is closed"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.listing import listed
from accounts.templatetags.vigil import duration
from tickets.presentation.explained_steps import Reader
from tickets.presentation.moments import moment, until_moment, working_time
from tickets.presentation.reasons import pause_reason
from tickets.sla import explanation as told
from tickets.sla.calendar import AroundTheClock
from tickets.sla.clock import ClockState

DAYS_NAMED: Final = 3  # closed days told by name; more are told by their length


def summary(explained: told.Explanation, reader: Reader) -> str:
    """What stands at its end, and what it is made of."""
    parts = [_made_of(explained), *_closed(explained, reader), *_pauses(explained, reader)]
    if changes := len(explained.retargets):
        parts.append(
            ngettext("changed once", "changed %(count)d times", changes) % {"count": changes}
        )
    clauses = pgettext("between the clauses of a sentence", "; ").join(parts)
    words = {"standing": _standing(explained, reader), "made_of": clauses}
    return pgettext("how a due time is made up", "%(standing)s: %(made_of)s") % words


def _standing(explained: told.Explanation, reader: Reader) -> str:
    clock, last = explained.clock, explained.steps[-1]
    due = moment(clock.due_at, reader.now) if clock.due_at else ""
    if isinstance(last, told.Met) and last.late_seconds:
        words = {"due": due, "late": duration(last.late_seconds)}
        return _("due %(due)s, done %(late)s late") % words
    if isinstance(last, told.Met):
        words = {"at": moment(last.at, reader.now), "spare": reader.amount(last.spare_seconds)}
        return _("done %(at)s, with %(spare)s to spare") % words
    if isinstance(last, told.Ended):
        if clock.breached_at is not None:
            return _("was due %(due)s, not kept") % {"due": due}
        return _("no longer needed since %(at)s") % {"at": moment(last.at, reader.now)}
    if clock.breached_at is not None:
        return _("was due %(due)s") % {"due": due}
    if clock.state is ClockState.PAUSED:
        return _("paused, %(time)s left") % {"time": reader.amount(_left(last))}
    return _("due %(due)s") % {"due": due}


def _left(last: told.Step) -> float:
    return last.left_seconds if isinstance(last, told.Due) else 0.0


def _made_of(explained: told.Explanation) -> str:
    first, terms = explained.steps[0], explained.clock.terms
    if isinstance(first, told.Started) and terms.until is not None:
        return _("promised by %(name)s") % {"name": first.by or _("an engineer")}
    if isinstance(terms.calendar, AroundTheClock):
        return _("%(time)s, around the clock") % {"time": duration(terms.target_seconds)}
    return _("%(time)s of working time") % {"time": working_time(terms.target_seconds)}


def _closed(explained: told.Explanation, reader: Reader) -> Iterator[str]:
    """The closed days by name while they are few, else how long it was closed in all."""
    closed = [step for step in explained.stretches if not step.is_open]
    if not closed:
        return
    grouped = any(not step.is_closed for step in closed)
    days = [] if grouped else [day for step in closed for day in whole_days(step)]
    if days and len(days) <= DAYS_NAMED:
        names = listed(WEEKDAYS_ABBR[day.weekday()] for day in days)
        yield ngettext("%(days)s is closed", "%(days)s are closed", len(days)) % {"days": names}
    elif len(closed) == 1 and not grouped:
        span = until_moment(closed[0].start, closed[0].end, reader.now)
        yield _("closed %(span)s") % {"span": span}
    else:
        length = duration(sum(step.closed_seconds for step in closed))
        yield _("closed for %(time)s in between") % {"time": length}


def whole_days(step: told.Stretch) -> Sequence[dt.date]:
    """The days that lie wholly inside, in the reader's zone; one more than are told at most."""
    start, end = timezone.localtime(step.start), timezone.localtime(step.end)
    day = start.date() + dt.timedelta(days=start.time() != dt.time())
    days: list[dt.date] = []
    while day < end.date() and len(days) <= DAYS_NAMED:
        days.append(day)
        day += dt.timedelta(days=1)
    return days


def _pauses(explained: told.Explanation, reader: Reader) -> Iterator[str]:
    """The pauses of each reason together."""
    lengths: dict[str, float] = {}
    for step in explained.pauses:
        lengths[step.reason] = lengths.get(step.reason, 0.0) + step.seconds
    for reason, seconds in lengths.items():
        words = {"time": duration(seconds), "why": pause_reason(reason, staff=reader.staff)}
        yield _("paused %(time)s %(why)s") % words
