"""How coverage is said: needs, levels, stretches of time, and what nobody can carry."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.templatetags.vigil import duration
from tickets.oncall.forecast import Line
from tickets.oncall.loads import Load, Strain
from tickets.periods import Period
from tickets.presentation.people import languages


def level_words(level: str) -> str:
    """What a line asks for."""
    return {
        "L1": _("any level"),
        "L2": _("L2 or above"),
        "L3": _("L3 or lead"),
    }.get(level, level)


def need_words(line: Line, *, with_level: bool = True) -> str:
    """ "Instant messaging · 中文 · L2 or above"."""
    parts = [line.product.name, languages([line.need.language])]
    if with_level and line.need.level != "L1":
        parts.append(level_words(line.need.level))
    return " · ".join(parts)


def period_words(period: Period, zone: dt.tzinfo) -> str:
    """From when until when by that wall; the day is said once when it is the same."""
    start, end = (moment.astimezone(zone) for moment in period)
    day = pgettext("date format", "D j M, H:i")
    same_day = (end - dt.timedelta(microseconds=1)).date() == start.date()
    until = (f"{end:%H:%M}" if end.date() == start.date() else "24:00") if same_day else ""
    return _("%(start)s to %(end)s") % {
        "start": date_format(start, day),
        "end": until or date_format(end, day),
    }


def strain_words(strain: Strain, load: Load) -> str:
    """What nobody can carry about that load."""
    return {
        Strain.TWO_AT_ONCE: _("%(time)s on two rosters at once") % {"time": duration(load.at_once)},
        Strain.NO_REST: _("%(time)s without 11 h of rest") % {"time": duration(load.longest_time)},
        Strain.TOO_MANY_HOURS: _("%(time)s on duty, more than every second hour")
        % {"time": duration(load.duty)},
        Strain.TOO_MANY_NIGHTS: ngettext(
            "%(number)d night, more than every second",
            "%(number)d nights, more than every second",
            load.nights,
        )
        % {"number": load.nights},
    }[strain]
