"""Peak hours as people say them: "Mon–Fri 18:30–21:30"."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from accounts.listing import listed
from accounts.scenarios import EVERY_DAY, PeakSpan


def in_words(span: PeakSpan) -> str:
    """Days and hours, in the reader's language; the hours are the customer's own."""
    hours = _("%(start)s–%(end)s") % {
        "start": f"{span.starts_at:%H:%M}",
        "end": f"{span.ends_at:%H:%M}" if span.ends_at.hour or span.ends_at.minute else "24:00",
    }
    return _("%(days)s %(hours)s") % {"days": weekdays(span.weekdays), "hours": hours}


def weekdays(days: Iterable[int]) -> str:
    """Runs of three or more days are shown as from–to: "Mon–Fri", "Mon, Wed"."""
    chosen = sorted(set(days))
    if chosen == list(EVERY_DAY):
        return _("every day")
    parts = []
    for _run, members in groupby(enumerate(chosen), lambda pair: pair[1] - pair[0]):
        run = [WEEKDAYS_ABBR[day] for _place, day in members]
        parts += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(day) for day in run]
    return listed(parts)
