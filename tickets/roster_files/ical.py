"""Shifts out of an iCal file, for one roster: as a temporary schedule, or as overrides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from icalendar import Calendar

from accounts import access
from accounts.models import User
from accounts.viewer import Viewer
from tickets import duty_changes
from tickets.ical_repeats import occurrences, refuse_endless, runs_backwards
from tickets.instants import first_reading
from tickets.models import Roster
from tickets.refusal import Refusal
from tickets.refusal_words import told

AHEAD: Final = dt.timedelta(days=366)
MOST_EVENTS: Final = 500
TEMPORARY, OVERRIDES = "temporary", "overrides"


@dataclass(frozen=True, slots=True)
class IcalShift:
    """An event of the file that names one of our people; instants in UTC."""

    person: User
    starts_at: dt.datetime
    ends_at: dt.datetime


def preview(
    data: bytes, *, roster: Roster, by: Viewer, how: str, now: dt.datetime
) -> list[IcalShift]:
    """The shifts `apply` would put down, tried and taken back."""
    with transaction.atomic():
        found = apply(data, roster=roster, by=by, how=how, now=now)
        transaction.set_rollback(True)
    return found


@transaction.atomic
def apply(
    data: bytes, *, roster: Roster, by: Viewer, how: str, now: dt.datetime
) -> list[IcalShift]:
    """Put the file's shifts on the roster, all or none; ValidationError says why not."""
    access.require(by, "roster.edit")
    found = read(data, roster=roster, now=now)
    if how == TEMPORARY:
        duty_changes.plan_temporary(
            roster=roster,
            by=by,
            starts_at=min(one.starts_at for one in found),
            ends_at=max(one.ends_at for one in found),
            shifts=[(one.person, one.starts_at, one.ends_at) for one in found],
            now=now,
            reason=_("from a calendar file"),
        )
        return found
    for one in found:
        duty_changes.override(
            roster=roster,
            by=by,
            person=one.person,
            replaces=None,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            now=now,
            reason=_("from a calendar file"),
        )
    return found


def read(data: bytes, *, roster: Roster, now: dt.datetime) -> list[IcalShift]:
    """The events from now on, repeated ones unfolded a year ahead, by start.

    Times without a zone, and whole days, are those of the roster's wall. ValidationError for a
    file that cannot be read, an event that names nobody or several, and one without an end.
    """
    try:
        calendar = Calendar.from_ical(data)
        refuse_endless(calendar)
        events = occurrences(calendar, now, now + AHEAD)
        _refuse_backwards(calendar, ZoneInfo(roster.time_zone))
    except Refusal as refusal:
        raise ValidationError(told(refusal)) from refusal
    except ValidationError:
        raise
    except Exception as error:  # the libraries raise whatever a broken file makes them
        raise ValidationError(_("This is not a calendar file we can read.")) from error
    if len(events) > MOST_EVENTS:
        raise ValidationError(_("At most %(most)d events at a time.") % {"most": MOST_EVENTS})
    people = list(User.objects.filter(is_staff=True, is_active=True))
    zone = ZoneInfo(roster.time_zone)
    found = [_shift(event, people, zone, now) for event in events]
    if not found:
        raise ValidationError(_("The file has no event from now on within a year."))
    return sorted(found, key=lambda one: (one.starts_at, one.ends_at, one.person.pk))


def _refuse_backwards(calendar: Any, zone: ZoneInfo) -> None:
    """Unfolding would turn such an event round, and somebody would be on duty unasked."""
    for event in calendar.walk("VEVENT"):
        start, end = event.get("DTSTART"), event.get("DTEND")
        ends_first = (
            start is not None
            and end is not None
            and _instant(end.dt, zone) <= _instant(start.dt, zone)
        )
        if ends_first or runs_backwards(event):
            summary = str(event.get("SUMMARY", ""))[:80]
            raise ValidationError(
                _("“%(summary)s”: the end must lie after the start.") % {"summary": summary}
            )


def _shift(event: Any, people: list[User], zone: ZoneInfo, now: dt.datetime) -> IcalShift:
    summary = str(event.get("SUMMARY", ""))[:80]
    start, end = (event.get(name) for name in ("DTSTART", "DTEND"))
    if start is None or end is None:
        raise ValidationError(_("“%(summary)s” has no end.") % {"summary": summary})
    starts_at, ends_at = (_instant(one.dt, zone) for one in (start, end))
    person = _person(event, summary, people)
    return IcalShift(person, max(starts_at, now), ends_at)


def _person(event: Any, summary: str, people: Iterable[User]) -> User:
    attendees = event.get("ATTENDEE", [])
    listed = attendees if isinstance(attendees, list) else [attendees]
    addresses = {str(one).lower().removeprefix("mailto:") for one in listed}
    named = [one for one in people if one.email in addresses]
    if not named:
        said = summary.casefold()
        named = [one for one in people if one.name.casefold() in said or one.email in said]
    if len(named) == 1:
        return named[0]
    sentence = (
        _("“%(summary)s” names several of our people: one event, one person.")
        if named
        else _("“%(summary)s” names nobody of the staff by name or e-mail address.")
    )
    raise ValidationError(sentence % {"summary": summary})


def _instant(value: dt.date | dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        return first_reading(dt.datetime.combine(value, dt.time()), zone)
    if value.tzinfo is None:
        return first_reading(value, zone)
    return value.astimezone(dt.UTC)
