"""Working time by the week: opening hours on the wall of one time zone, and their exceptions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tickets.instants import elapsed_reading, instant, wall
from tickets.periods import Period, within, without
from tickets.refusal import Refusal, gettext_noop
from tickets.sla.calendar import amount
from tickets.sla.hours import DAY, Span, refuse_overlap

A_DAY = timedelta(days=1)
A_FORTNIGHT = timedelta(days=14)
A_CENTURY = timedelta(days=36525)  # who looks further for working time has no hours at all

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class WeeklyCalendar:
    """A `Calendar` of weekly opening hours.

    Hours are wall-clock times in `zone`; amounts are seconds that really pass, so a night
    shift has an hour less or more when the clocks change. Exceptions, by date:

    - `special` replaces the weekly hours: a make-up working day, shorter hours on New Year's Eve;
    - `closed` shuts the day, special hours included;
    - `breaks` are taken out of whatever is open, on that date or past its midnight.

    A span past midnight belongs to the day it starts on: closing Tuesday leaves Monday's
    night shift as it is. `written_calendar.read_calendar` makes one of
    hours as a person writes them.
    """

    zone: ZoneInfo
    weekly: tuple[Spans, ...]  # Monday first
    closed: frozenset[date] = frozenset()
    special: Mapping[date, Spans] = field(default_factory=dict)
    breaks: Mapping[date, Spans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError("A week has seven days.")
        if not any(self.weekly) and not any(self.special.values()):
            raise Refusal(gettext_noop("The calendar has no opening hours."))
        for day, spans in enumerate(self.weekly):
            for earlier, later in pairwise(spans):
                refuse_overlap(earlier, later)
            following = self.weekly[(day + 1) % 7]
            if spans and following:
                refuse_overlap(spans[-1], following[0], days_apart=1)

    def refuse_overlapping_days(self) -> None:
        """Refusal if a special day's hours run into the next day's, or those before into its own.

        For a calendar somebody writes now. One in force may be older than this rule; it counts
        such time once.
        """
        for day in sorted(self.special):
            for first in (day - A_DAY, day):
                earlier, later = self._hours(first), self._hours(first + A_DAY)
                if earlier and later and later[0].opens + DAY < earlier[-1].closes:
                    raise Refusal(
                        gettext_noop(
                            "The hours %(first)s of %(day)s run into those of the next day, "
                            "%(second)s."
                        ),
                        first=str(earlier[-1]),
                        day=first.isoformat(),
                        second=str(later[0]),
                    )

    def add(self, start: datetime, seconds: float) -> datetime:
        """See `Calendar.add`."""
        left = amount(seconds)
        for opens, closes in self._onwards(instant(start)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise ValueError("The calendar does not open long enough within a hundred years.")

    def subtract(self, start: datetime, seconds: float) -> datetime:
        """See `Calendar.subtract`."""
        left = amount(seconds)
        for opens, closes in self._backwards(instant(start)):
            if left <= closes - opens:
                return closes - left
            left -= closes - opens
        raise ValueError("The calendar does not open long enough within a hundred years.")

    def between(self, a: datetime, b: datetime) -> float:
        """See `Calendar.between`."""
        periods = self.open_periods(a, b)
        return sum((end - start for start, end in periods), timedelta()).total_seconds()

    def is_open(self, at: datetime) -> bool:
        """See `Calendar.is_open`."""
        return any(self.open_periods(at, instant(at) + timedelta(microseconds=1)))

    def open_periods(self, a: datetime, b: datetime) -> Iterator[Period]:
        """See `Calendar.open_periods`."""
        window = (instant(a), instant(b))
        return within(self._openings(*window), window)

    def add_days(self, start: datetime, days: int) -> datetime:
        """The same wall time `days` working days on, or the first open instant after it.

        A working day is a date with hours of its own that is not closed.
        """
        return self.add(self._working_day(start, days, A_DAY), 0)

    def subtract_days(self, start: datetime, days: int) -> datetime:
        """The same wall time `days` working days back, or the end of the open time before it."""
        return self.subtract(self._working_day(start, days, -A_DAY), 0)

    def _onwards(self, at: datetime) -> Iterator[Period]:
        return self.open_periods(at, at + A_CENTURY)

    def _backwards(self, at: datetime) -> Iterator[Period]:
        stop = at
        while at - stop < A_CENTURY:
            yield from reversed(list(self.open_periods(stop - A_FORTNIGHT, stop)))
            stop -= A_FORTNIGHT

    def _openings(self, a: datetime, b: datetime) -> Iterator[Period]:
        """Uncut openings, in order, among them all that overlap [a, b)."""
        # Two days early for spans past midnight and zones that skip a date; a third, so that
        # what was still open on the first of those is known.
        day = wall(a, self.zone).date() - 3 * A_DAY
        open_until = self._at(day, 0)
        while self._at(day, 0) < b:
            for span in self._hours(day):
                # A close in a skipped hour lies after the wall times that follow the jump:
                # without max() those minutes would count twice.
                opens = max(self._at(day, span.opens), open_until)
                closes = self._at(day, span.closes)
                if opens < closes:
                    open_until = closes
                    yield from self._without_breaks(day, (opens, closes))
            day += A_DAY

    def _hours(self, day: date) -> Spans:
        if day in self.closed:
            return ()
        return self.special.get(day, self.weekly[day.weekday()])

    def _without_breaks(self, day: date, opening: Period) -> Iterator[Period]:
        parts: Iterable[Period] = [opening]
        for near in (day - A_DAY, day, day + A_DAY):
            for pause in self.breaks.get(near, ()):
                parts = without(parts, (self._at(near, pause.opens), self._at(near, pause.closes)))
        return iter(list(parts))

    def _at(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time())
        return elapsed_reading(midnight + timedelta(minutes=minute), self.zone)

    def _working_day(self, start: datetime, days: int, step: timedelta) -> datetime:
        if days < 0:
            raise ValueError(f"{days} days: a number of working days cannot be negative.")
        local = wall(instant(start), self.zone)
        day = local.date()
        while days:
            day += step
            days -= bool(self._hours(day))
            if abs(day - local.date()) > A_CENTURY:
                raise ValueError("The calendar has no such working day within a hundred years.")
        return elapsed_reading(datetime.combine(day, local.time()), self.zone)
