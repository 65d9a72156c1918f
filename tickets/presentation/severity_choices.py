"""Severities to choose from, by consequence, with what the plan promises for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.plans import DAY, HOUR, MINUTE, Plan, Targets
from tickets.models.ticket import Severity

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


def severity_choices(plan: Plan) -> list[SeverityChoice]:
    """What may be chosen under a plan, the most urgent first."""
    return [
        SeverityChoice(
            value=severity.value,
            title=str(_TITLES[severity]),
            note=str(_NOTES[severity]),
            promise=answer_promise(plan, severity),
            further=_further(plan.targets[severity]),
        )
        for severity in Severity
        if plan.offers(severity)
    ]


def answer_promise(plan: Plan, severity: str) -> str:
    """ "An engineer answers within 15 minutes, 24×7"."""
    time = in_words(plan.targets[severity].response)
    if plan.calendar == "around-the-clock":
        return _("An engineer answers within %(time)s, 24×7") % {"time": time}
    return _("An engineer answers within %(time)s of working time") % {"time": time}


def _further(targets: Targets) -> str:
    parts = []
    if targets.next_update is not None:
        parts.append(_("then news every %(time)s") % {"time": in_words(targets.next_update)})
    if targets.resolution is not None:
        parts.append(_("goal: solved within %(time)s") % {"time": in_words(targets.resolution)})
    return " · ".join(parts)


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
