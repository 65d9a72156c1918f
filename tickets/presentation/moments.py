"""Instants as plain text inside a sentence, in the reader's time zone and language."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.vigil import duration

NEAR_DAYS = 6  # so many days around today a weekday names one day only


def moment(at: dt.datetime, now: dt.datetime, *, seconds: bool = False) -> str:
    """ "10:00" today, "Mon 10:00" in the days around it, else "4 Jan, 10:00"; the year if another.

    Seconds are shown when asked for and not nought.
    """
    local, today = timezone.localtime(at), timezone.localtime(now).date()
    clock = f"{local:%H:%M:%S}" if seconds and local.second else f"{local:%H:%M}"
    if local.date() == today:
        return clock
    if abs((local.date() - today).days) <= NEAR_DAYS:
        pattern = pgettext("weekday and time", "D %(time)s")
    elif local.year == today.year:
        pattern = pgettext("day and time", "j M, %(time)s")
    else:
        pattern = pgettext("date and time", "j M Y, %(time)s")
    day, _mark, rest = pattern.partition("%(time)s")
    return date_format(local, day.rstrip()) + day[len(day.rstrip()) :] + clock + rest


def until_moment(a: dt.datetime, b: dt.datetime, now: dt.datetime) -> str:
    """ "Fri 16:00 – 18:00": from the one to the other, the day of the second if it is another."""
    ends = moment(b, now, seconds=True)
    if timezone.localtime(a).date() == timezone.localtime(b).date():
        local = timezone.localtime(b)
        ends = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{moment(a, now, seconds=True)} – {ends}"


def working_time(seconds: float) -> str:
    """A length of working time: in hours and minutes, for a day of it would not be 24 hours."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours < 24:
        return duration(seconds)
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
