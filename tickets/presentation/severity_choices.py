"""Severities to choose from, by consequence, with what the plan promises for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tickets.calendars import is_around_the_clock
from tickets.models import PolicyVersion
from tickets.models.ticket import Severity
from tickets.presentation.working_hours import hours_in_words

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR

_TITLES: Final = {
    Severity.URGENT: gettext_lazy("The live service is unusable"),
    Severity.IMPORTANT: gettext_lazy("Something important is broken"),
    Severity.NORMAL: gettext_lazy("A question or a wish"),
}
_NOTES: Final = {
    Severity.URGENT: gettext_lazy("No workaround, users are affected now. Wakes an engineer."),
    Severity.IMPORTANT: gettext_lazy("There is a workaround, or not everyone is affected."),
    Severity.NORMAL: gettext_lazy("Integration, tuning, upgrades; nothing is on fire."),
}


@dataclass(frozen=True, slots=True)
class SeverityChoice:
    """`promise` is the first answer in a sentence; `further` what is promised after it."""

    value: str
    title: str
    note: str
    promise: str
    further: str


def severity_choices(promised: Mapping[Severity, PolicyVersion]) -> list[SeverityChoice]:
    """What may be chosen, with what is promised for it: see `policies.of_plan`."""
    return [
        SeverityChoice(
            value=severity.value,
            title=str(_TITLES[severity]),
            note=str(_NOTES[severity]),
            promise=answer_promise(version),
            further=_further(version),
        )
        for severity, version in promised.items()
    ]


def answer_promise(version: PolicyVersion) -> str:
    """ "An engineer answers within 15 minutes, 24×7", or within working time, with the hours."""
    if is_around_the_clock(version.calendar_version):
        return _("An engineer answers within %(time)s, 24×7") % {
            "time": in_words(version.response_seconds)
        }
    return _("An engineer answers within %(time)s (%(hours)s)") % {
        "time": in_working_words(version.response_seconds),
        "hours": hours_in_words(version.calendar_version.definition),
    }


def _further(version: PolicyVersion) -> str:
    always = is_around_the_clock(version.calendar_version)
    words = in_words if always else in_working_words
    parts = []
    if version.update_seconds is not None:
        parts.append(_("then news every %(time)s") % {"time": words(version.update_seconds)})
    if version.resolution_seconds is not None:
        parts.append(
            _("goal: solved within %(time)s") % {"time": words(version.resolution_seconds)}
        )
    return " · ".join(parts)


def in_working_words(seconds: int) -> str:
    """The same of working time: "4 working hours". Days are not used: theirs vary."""
    if seconds % HOUR == 0:
        count = seconds // HOUR
        return ngettext("%(count)d working hour", "%(count)d working hours", count) % {
            "count": count
        }
    count = -(-seconds // MINUTE)
    return ngettext("%(count)d working minute", "%(count)d working minutes", count) % {
        "count": count
    }


def in_words(seconds: int) -> str:
    """A promised length in whole units, the largest that leaves no rest: "24 hours", "5 days"."""
    if seconds % DAY == 0 and seconds > DAY:
        count = seconds // DAY
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    if seconds % HOUR == 0:
        count = seconds // HOUR
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = -(-seconds // MINUTE)
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
