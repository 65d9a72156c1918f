"""The hours of a week in which a rotation is on duty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tickets.instants import first_reading, instant, wall
from tickets.periods import Period, within
from tickets.refusal import Refusal, gettext_noop

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DutyHours:
    """From `start` to `end` by the wall of `zone` on the given weekdays (0 is Monday).

    An end not after the start is the next day's: 20:00 to 08:00 on Mondays ends on Tuesday,
    08:00 to 08:00 lasts until the next morning. Refusal without weekdays.
    """

    weekdays: frozenset[int]
    start: time
    end: time
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise Refusal(gettext_noop("Duty hours need at least one weekday."))
        if not self.weekdays <= set(range(7)):
            raise ValueError("Weekdays go from 0, Monday, to 6.")

    def periods(self, a: datetime, b: datetime) -> Iterator[Period]:
        """The hours inside [a, b), cut to it; a and b are aware."""
        return within(self._around(instant(a), instant(b)), (instant(a), instant(b)))

    def is_active(self, at: datetime) -> bool:
        """Whether the instant `at` (aware) is within the hours."""
        return any(self.periods(at, instant(at) + timedelta(microseconds=1)))

    def _around(self, a: datetime, b: datetime) -> Iterator[Period]:
        overnight = A_DAY if self.end <= self.start else timedelta()
        day = wall(a, self.zone).date() - 2 * A_DAY  # yesterday's night; a zone may skip a date
        while first_reading(datetime.combine(day, time()), self.zone) < b:
            if day.weekday() in self.weekdays:
                opens = datetime.combine(day, self.start)
                closes = datetime.combine(day, self.end) + overnight
                yield first_reading(opens, self.zone), first_reading(closes, self.zone)
            day += A_DAY
