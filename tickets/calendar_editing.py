"""From what is typed into the calendar editor to a version of a calendar in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import access, events
from accounts.viewer import Viewer
from tickets import policies
from tickets.calendar_text import Day, read_days, read_hours
from tickets.calendars import AROUND_THE_CLOCK, weekly_from
from tickets.models import CalendarVersion, PolicyVersion, WorkCalendar
from tickets.public_holidays import PublicHolidays, known_holidays
from tickets.refusal import Refusal
from tickets.refusal_words import told
from tickets.sla.written_calendar import WEEKDAYS

NAME_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as typed in; `hours` by weekday ("mon"), the rest as `calendar_text` reads it.

    A make-up working day of the country gets the hours of the first weekday that has any.
    """

    around_the_clock: bool = False
    zone: str = ""
    hours: dict[str, str] = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""
    closed: str = ""
    special: str = ""
    breaks: str = ""

    @classmethod
    def of(cls, version: CalendarVersion) -> Written:
        """What a version was made from, to start the next one with."""
        if version.definition == AROUND_THE_CLOCK:
            return cls(around_the_clock=True)
        return cls(**version.written)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A definition that works, every date worked out; `holidays_until` as on the version."""

    definition: dict[str, Any]
    holidays_until: dt.date | None


def resolve(written: Written, today: dt.date) -> Resolved:
    """Work out all dates. ValidationError by field, in sentences, for what cannot work."""
    if written.around_the_clock:
        return Resolved(dict(AROUND_THE_CLOCK), None)
    errors: dict[str, ValidationError] = {}
    weekly = {day: _hours(day, written, errors) for day in WEEKDAYS if written.hours.get(day)}
    closed = _days("closed", written.closed, errors, with_hours=False)
    special = _days("special", written.special, errors, with_hours=True)
    breaks = _days("breaks", written.breaks, errors, with_hours=True)
    public = _public(written, today, errors)
    if errors:
        raise ValidationError(dict(errors.items()))
    working = next((weekly[day] for day in WEEKDAYS if weekly.get(day)), [])
    own = {day.date for day in special}
    shut = {day.date: day.name for day in closed}
    off = {date: name for date, name in public.off.items() if date not in own} | shut
    hours = {date: working for date in public.worked if date not in shut}
    hours |= {day.date: day.hours for day in special}
    names = public.off | public.worked | shut | {day.date: day.name for day in (*special, *breaks)}
    definition = {
        "zone": written.zone,
        "weekly": weekly,
        "closed": sorted(date.isoformat() for date in off),
        "special": {date.isoformat(): hours[date] for date in sorted(hours)},
        "breaks": {day.date.isoformat(): day.hours for day in breaks},
        "names": {date.isoformat(): names[date] for date in sorted(names) if names[date]},
    }
    try:
        calendar = weekly_from(definition)
    except Refusal as refusal:
        raise _told(refusal) from refusal
    try:
        calendar.refuse_overlapping_days()
    except Refusal as refusal:
        raise ValidationError({"special": _told(refusal)}) from refusal
    return Resolved(definition, public.until)


@transaction.atomic
def publish(
    *,
    calendar: WorkCalendar | None,
    name: str,
    written: Written,
    by: Viewer,
    now: dt.datetime,
    note: str = "",
) -> CalendarVersion:
    """Put a new version of a calendar in force (or a new calendar), and with it the policies
    that count by it: each gets a version of its own. Promises given keep theirs.

    ValidationError by field for what cannot work.
    """
    access.require(by, "plan.edit")
    resolved = resolve(written, now.date())
    name = " ".join(name.split())
    others = WorkCalendar.objects.filter(name__iexact=name)
    if calendar is not None:
        others = others.exclude(pk=calendar.pk)
    if not name or others.exists():
        raise ValidationError({"name": _("Another calendar has this name, or it has none.")})
    if calendar is None:
        calendar = WorkCalendar.objects.create(name=name)
    else:
        calendar = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
        if calendar.name != name:
            calendar.name = name
            calendar.save(update_fields=["name"])
    last = calendar.versions.order_by("number").last()
    version = CalendarVersion.objects.create(
        calendar=calendar,
        number=last.number + 1 if last else 1,
        definition=resolved.definition,
        written=asdict(written),
        holidays_until=resolved.holidays_until,
        at=now,
        by=by.user,
        by_name=by.name,
        note=note,
    )
    events.record(
        verb="calendar.published",
        subject=f"calendar/{calendar.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        calendar=str(version),
        version=version.pk,
    )
    for policy_version in counting_by(calendar, now):
        _move(policy_version, version, by=by, now=now)
    return version


def counting_by(calendar: WorkCalendar, at: dt.datetime) -> list[PolicyVersion]:
    """The policy versions in force that count by any version of this calendar."""
    in_force = policies.all_in_force(at).values()
    return [found for found in in_force if found.calendar_version.calendar_id == calendar.pk]


def _move(old: PolicyVersion, to: CalendarVersion, *, by: Viewer, now: dt.datetime) -> None:
    policies.publish(
        plan=old.policy.plan,
        severity=old.policy.severity,
        by=by,
        now=now,
        calendar_version=to,
        response_seconds=old.response_seconds,
        update_seconds=old.update_seconds,
        resolution_seconds=old.resolution_seconds,
        pauses=old.pauses,
        warn_at=old.warn_at,
        budgets=old.budgets,
        note=str(to),
    )


def _hours(day: str, written: Written, errors: dict[str, ValidationError]) -> list[list[str]]:
    try:
        return read_hours(written.hours[day])
    except Refusal as refusal:
        errors[day] = _told(refusal)
        return []


def _days(
    name: str, text: str, errors: dict[str, ValidationError], *, with_hours: bool
) -> list[Day]:
    try:
        return read_days(text, with_hours=with_hours)
    except Refusal as refusal:
        errors[name] = _told(refusal)
        return []


def _public(written: Written, today: dt.date, errors: dict[str, ValidationError]) -> PublicHolidays:
    if not written.country:
        if written.subdivision:
            sentence = gettext_noop("Choose the country first.")
            errors["subdivision"] = _told(Refusal(sentence))
        return PublicHolidays(off={})
    try:
        return known_holidays(written.country, written.subdivision, today)
    except Refusal as refusal:
        errors["subdivision" if written.subdivision else "country"] = _told(refusal)
        return PublicHolidays(off={})


def _told(refusal: Refusal) -> ValidationError:
    """The refusal in the reader's language."""
    return ValidationError(told(refusal))
