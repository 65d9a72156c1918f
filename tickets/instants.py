"""Instants and wall-clock times.

An instant is an aware datetime in UTC: two datetimes that share a zone are compared and
subtracted by their wall clocks in Python, which is wrong on days when the clocks change.
A wall time is a naive datetime, what a clock on the wall of some zone shows.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tickets.refusal import Refusal, gettext_noop

SECOND = timedelta(seconds=1)


def instant(at: datetime) -> datetime:
    """The same moment in UTC; ValueError if `at` has no time zone."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone.")
    return at.astimezone(UTC)


def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name; Refusal if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        unknown = gettext_noop("There is no time zone named “%(zone)s”.")
        raise Refusal(unknown, zone=name) from error


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows at the instant `at` (naive)."""
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def elapsed_reading(wall_time: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, counting on through a skipped hour: 02:30 becomes 03:30.

    A wall time shown twice means the first showing. Opening hours are read this way, so a
    span that starts in the skipped hour and ends soon after it is closed that day.
    """
    return wall_time.replace(tzinfo=zone, fold=0).astimezone(UTC)


def first_reading(wall_time: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall shows `wall_time` or later: 02:30 becomes 03:00.

    A wall time shown twice means the first showing. Hand-overs are read this way: whoever
    should take over at a time that is skipped takes over when the clocks jump.
    """
    late = elapsed_reading(wall_time, zone)
    if wall(late, zone) == wall_time:
        return late
    early = wall_time.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > SECOND:  # the jump lies in (early, late], on a whole second
        middle = early + (late - early) // SECOND // 2 * SECOND
        if wall(middle, zone) < wall_time:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
