"""A calendar as a person writes it, or as it is kept in JSON."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tickets.instants import zone_named
from tickets.refusal import Refusal, gettext_noop
from tickets.sla.hours import read_spans
from tickets.sla.weekly_calendar import WeeklyCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Written = Iterable[Sequence[str]]


def read_calendar(
    *,
    zone: str,
    weekly: Mapping[str, Written],
    closed: Iterable[date] = (),
    special: Mapping[date, Written] | None = None,
    breaks: Mapping[date, Written] | None = None,
) -> WeeklyCalendar:
    """The calendar of hours as a person writes them.

    `weekly` goes from "mon" … "sun" to pairs such as ("09:00", "18:00"); a day left out is
    closed. `special` and `breaks` hold such pairs by date. Refusal, in a sentence a form can
    show, for an unknown zone or day, a time that cannot be read, overlapping spans, no hours.
    """
    unknown = sorted(set(weekly) - set(WEEKDAYS))
    if unknown:
        raise Refusal(gettext_noop("“%(day)s” is not a day of the week."), day=unknown[0])
    return WeeklyCalendar(
        zone=zone_named(zone),
        weekly=tuple(read_spans(weekly.get(day, ())) for day in WEEKDAYS),
        closed=frozenset(closed),
        special={day: read_spans(spans) for day, spans in (special or {}).items()},
        breaks={day: read_spans(spans) for day, spans in (breaks or {}).items()},
    )
