"""Public holidays of a country, from the libraries that keep them.

They are worked out once, when a calendar's version is made, and written into it: a library
that learns better later moves no promise. Mainland China decides each year which days are off
and which weekend days are worked instead; for it only what was announced is known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import chinese_calendar.constants
import holidays
from django.utils.translation import gettext_noop

from tickets.refusal import Refusal

CHINA: Final = "CN"
YEARS_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """`off` are days without work, `worked` weekend days that are worked, each with its name.

    `until` is the last day for which that is known.
    """

    off: dict[dt.date, str]
    worked: dict[dt.date, str] = field(default_factory=dict)
    until: dt.date | None = None


def countries() -> dict[str, list[str]]:
    """The countries known, by their code, each with its subdivisions."""
    return {
        country: subdivisions
        for country, subdivisions in holidays.list_supported_countries(
            include_aliases=False
        ).items()
        if len(country) == 2
    }


def known_holidays(country: str, subdivision: str, today: dt.date) -> PublicHolidays:
    """Those from last year to the year after next; Refusal for a place nobody knows."""
    known = countries()
    if country not in known:
        raise Refusal(
            gettext_noop("The public holidays of “%(country)s” are not known."), country=country
        )
    if subdivision and (country == CHINA or subdivision not in known[country]):
        raise Refusal(
            gettext_noop("“%(country)s” has no part “%(part)s” with holidays of its own."),
            country=country,
            part=subdivision,
        )
    years = range(today.year - 1, today.year + YEARS_AHEAD + 1)
    if country == CHINA:
        return _of_china(years)
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    return PublicHolidays(
        off={day: str(name) for day, name in sorted(found.items())},
        until=dt.date(years[-1], 12, 31),
    )


def _of_china(years: Iterable[int]) -> PublicHolidays:
    off = chinese_calendar.constants.holidays
    worked = chinese_calendar.constants.workdays
    wanted = set(years)
    return PublicHolidays(
        off={day: str(name) for day, name in sorted(off.items()) if day.year in wanted},
        worked={day: str(name) for day, name in sorted(worked.items()) if day.year in wanted},
        until=dt.date(max(off).year, 12, 31),
    )
