"""Opening hours in a few words: "Mon–Fri 09:00–18:00 Shanghai"."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tickets.sla.written_calendar import WEEKDAYS


def hours_in_words(definition: dict[str, Any]) -> str:
    """The weekly hours of a calendar's definition, days with the same hours drawn together."""
    if "weekly" not in definition:
        return _("24×7")
    weekly = definition["weekly"]
    days = [(number, _spans(weekly.get(day, ()))) for number, day in enumerate(WEEKDAYS)]
    parts = []
    for hours, group in groupby(days, key=lambda day: day[1]):
        numbers = [number for number, _hours in group]
        if hours:
            parts.append(f"{_days(numbers[0], numbers[-1])} {hours}")
    return f"{', '.join(parts)} {zone_in_words(definition['zone'])}"


def zone_in_words(zone: str) -> str:
    """The city of a time zone: "Shanghai"; "UTC" as it is."""
    return zone.rpartition("/")[2].replace("_", " ")


def day_names() -> list[str]:
    """Monday first, short."""
    return [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]


def _days(first: int, last: int) -> str:
    names = day_names()
    return names[first] if first == last else f"{names[first]}–{names[last]}"


def _spans(spans: Any) -> str:
    return ", ".join(f"{opens}–{closes}" for opens, closes in spans)
