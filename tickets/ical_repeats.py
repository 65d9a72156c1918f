"""The events of a calendar file, repeated ones unfolded: that costs time and memory. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import icalendar
import recurring_ical_events
from django.utils.translation import gettext_noop

from tickets.refusal import Refusal

MOST_REPEATING: Final = 20
TOO_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}
TOO_FINE: Final = {"BYHOUR", "BYMINUTE", "BYSECOND"}


def refuse_endless(calendar: icalendar.Calendar) -> None:
    """Refusal for repetitions nobody could mean, before anything is unfolded."""
    rules = [rule for event in calendar.walk("VEVENT") for rule in _rules(event)]
    if len(rules) > MOST_REPEATING:
        raise Refusal(gettext_noop("At most %(count)d repeating events."), count=MOST_REPEATING)
    if any(_repeats_too_often(rule) for rule in rules):
        raise Refusal(gettext_noop("An event repeats more often than once a day."))


def runs_backwards(event: Any) -> bool:
    """Whether its duration is below nothing: unfolding would turn it round."""
    return "DURATION" in event and event["DURATION"].dt < dt.timedelta()


def occurrences(calendar: icalendar.Calendar, begins: dt.date, ends: dt.date) -> list[Any]:
    """What takes place in [begins, ends), each repetition for itself, without what is called off.

    Raises whatever a broken rule makes the libraries raise.
    """
    return [
        occurrence
        for occurrence in recurring_ical_events.of(calendar).between(begins, ends)
        if str(occurrence.get("STATUS", "")).upper() != "CANCELLED"
    ]


def _repeats_too_often(rule: Any) -> bool:
    often = {str(one).upper() for one in rule.get("FREQ", ())}
    stands_still = any(int(step) < 1 for step in rule.get("INTERVAL", ()))
    return bool(often & TOO_OFTEN) or stands_still or any(part in rule for part in TOO_FINE)


def _rules(event: Any) -> list[Any]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]
