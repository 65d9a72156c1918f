"""What a customer uses the SDK for, and when such customers usually have their peaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

DAY_MINUTES: Final = 24 * 60
WEEK_MINUTES: Final = 7 * DAY_MINUTES


class Scenario(models.TextChoices):
    EDUCATION = "education", _("Online education")
    LIVE = "live", _("Live streaming")
    ENTERPRISE = "enterprise", _("Enterprise collaboration")
    SOCIAL = "social", _("Social")
    GAMES = "games", _("Games")
    IOT = "iot", _("Internet of things")
    OTHER = "other", _("Other")


@dataclass(frozen=True, slots=True)
class PeakSpan:
    """Wall-clock hours on some weekdays (0 is Monday), in the customer's own time zone.

    An end not after the start is the next day's: 20:00 to 02:00 on Mondays ends on Tuesday.
    """

    weekdays: tuple[int, ...]
    starts_at: dt.time
    ends_at: dt.time


EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS, WEEKEND = EVERY_DAY[:5], EVERY_DAY[5:]

# Starting points until a manager has asked the customer; our own estimate.
PRESETS: Final[dict[str, tuple[PeakSpan, ...]]] = {
    Scenario.EDUCATION: (
        PeakSpan(WORKDAYS, dt.time(18), dt.time(22)),
        PeakSpan(WEEKEND, dt.time(9), dt.time(22)),
    ),
    Scenario.LIVE: (PeakSpan(EVERY_DAY, dt.time(19), dt.time(1)),),
    Scenario.ENTERPRISE: (PeakSpan(WORKDAYS, dt.time(9), dt.time(18)),),
    Scenario.SOCIAL: (PeakSpan(EVERY_DAY, dt.time(18), dt.time(0)),),
    Scenario.GAMES: (
        PeakSpan(WORKDAYS, dt.time(19), dt.time(0)),
        PeakSpan(WEEKEND, dt.time(13), dt.time(1)),
    ),
    Scenario.IOT: (
        PeakSpan(EVERY_DAY, dt.time(7), dt.time(9)),
        PeakSpan(EVERY_DAY, dt.time(18), dt.time(22)),
    ),
}


def overlap(spans: Iterable[PeakSpan]) -> bool:
    """Whether two of the spans share a minute of the week."""
    taken: list[tuple[int, int]] = []
    for span in spans:
        for start, end in _minutes(span):
            # A span over the end of the week also lies at its beginning.
            places = [(start, end), (start - WEEK_MINUTES, end - WEEK_MINUTES)]
            if any(a < other_end and b > other for other, other_end in taken for a, b in places):
                return True
            taken += [(start, end), (start - WEEK_MINUTES, end - WEEK_MINUTES)]
    return False


def _minutes(span: PeakSpan) -> Iterable[tuple[int, int]]:
    """The span as minutes of the week from Monday 00:00, once for each weekday."""
    start = span.starts_at.hour * 60 + span.starts_at.minute
    end = span.ends_at.hour * 60 + span.ends_at.minute
    length = (end - start - 1) % DAY_MINUTES + 1
    for weekday in sorted(span.weekdays):
        yield weekday * DAY_MINUTES + start, weekday * DAY_MINUTES + start + length
