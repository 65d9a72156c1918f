"""Once a day: tell managers of calendars whose public holidays are soon no longer known."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda, events
from accounts.models import Deadline, Delivery, User
from accounts.viewer import SYSTEM
from tickets import policies
from tickets.calendars import newest_versions, runs_out_soon
from tickets.models import CalendarVersion

CHECK: Final = "calendars.check"


def plan(now: dt.datetime) -> None:
    """Have today's look taken, unless it was; each engine says so once a day."""
    agenda.schedule(
        kind=CHECK,
        key=f"{CHECK}:{now.date().isoformat()}",
        due_at=now,
        subject="calendars",
        organization_id=None,
    )


def check(row: Deadline, now: dt.datetime) -> None:
    """Tell of calendars in use with fewer than 60 known days; of each once in a week."""
    in_force = policies.all_in_force(now).values()
    used = {version.calendar_version.calendar_id for version in in_force}
    for version in newest_versions():
        if version.calendar_id in used and runs_out_soon(version, now.date()):
            _tell(version, now)


def _tell(version: CalendarVersion, now: dt.datetime) -> None:
    until = str(version.holidays_until)
    year, week, _day = now.date().isocalendar()
    if Delivery.objects.filter(key__startswith=f"{CHECK}:{version.pk}:{year}-{week}:").exists():
        return
    subject = f"calendar/{version.calendar_id}"
    events.record(
        verb="calendar.holidays_run_out",
        subject=subject,
        by=SYSTEM,
        at=now,
        organization_id=None,
        internal=True,
        version=version.pk,
        until=until,
    )
    for manager in User.objects.filter(is_active=True, staff_profile__is_manager=True):
        with translation.override(manager.language):
            title = _("Holidays of “%(calendar)s” are known only until %(day)s")
            words = {"calendar": version.calendar.name, "day": until}
            text = _(
                "After that, days off count as working time. "
                "Make a new version of the calendar once the next year is announced."
            )
        agenda.send(
            kind=Delivery.Kind.EMAIL,
            key=f"{CHECK}:{version.pk}:{year}-{week}:{manager.pk}",
            channel="email",
            address=manager.email,
            subject=subject,
            payload={
                "subject": title % words,
                "text": f"{text}\n\n{settings.PUBLIC_URL}/admin/calendars/{version.calendar_id}/\n",
                "language": manager.language,
            },
            due_at=now,
            organization_id=None,
        )
