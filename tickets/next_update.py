"""The time an engineer promises the next update by, in a reply."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.vigil import duration
from accounts.viewer import Viewer
from tickets import policies
from tickets.calendars import calendar_of
from tickets.models import PolicyVersion, Ticket

LONGEST: Final = dt.timedelta(days=30)  # where the plan itself promises no updates


def latest(version: PolicyVersion | None, now: dt.datetime) -> dt.datetime:
    """The latest instant that may be promised: what the plan promises anyway, else 30 days."""
    if version is None or version.update_seconds is None:
        return now + LONGEST
    return calendar_of(version.calendar_version).add(now, version.update_seconds)


def refuse_impossible(ticket: Ticket, at: dt.datetime, *, by: Viewer, now: dt.datetime) -> None:
    """`ValidationError` unless `by` may promise an update by `at`; says what would be possible."""
    if not by.is_person_of_staff:
        raise ValidationError({"next_update_at": _("Only our engineers promise an update.")})
    if not ticket.is_unsolved:
        raise ValidationError(
            {"next_update_at": _("The ticket is solved: no further update is owed.")}
        )
    if at <= now:
        raise ValidationError({"next_update_at": _("The next update must lie in the future.")})
    version = policies.pinned(ticket, ticket.severity)
    last = latest(version, now)
    if at > last:
        raise ValidationError({"next_update_at": _too_late(version, last)})


def _too_late(version: PolicyVersion, last: dt.datetime) -> str:
    local = timezone.localtime(last)
    words = {"last": date_format(local, pgettext("date format", "j M, H:i"))}
    if version.update_seconds is None:
        return _("Promise an update within 30 days, by %(last)s.") % words
    words["every"] = duration(version.update_seconds)
    return _("The plan promises an update every %(every)s: by %(last)s at the latest.") % words
