"""A policy version in words, row by row, and what differs between two."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.listing import listed
from accounts.plans import PLANS
from accounts.templatetags.vigil import duration
from tickets.calendars import is_around_the_clock
from tickets.models import PolicyVersion, Promise
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity
from tickets.presentation.moments import working_time


def described(version: PolicyVersion) -> dict[str, str]:
    """What it promises, by the name of each thing; "–" where it promises nothing."""
    rows = {
        _("First answer"): length(version.response_seconds, version),
        _("Next update"): length(version.update_seconds, version) or "–",
        _("Solution"): length(version.resolution_seconds, version) or "–",
        _("Calendar"): str(version.calendar_version),
    }
    for kind in Promise.Kind:
        reasons = [reason for reason in PauseReason if reason in version.pauses_of(kind)]
        name = _("Pauses: %(promise)s") % {"promise": _kind(kind)}
        rows[name] = listed([str(reason.label) for reason in reasons]) or "–"
    for kind in Promise.Kind:
        shares = [f"{round(share * 100)} %" for share in version.warnings_of(kind)]
        rows[_("Warns: %(promise)s") % {"promise": _kind(kind)}] = ", ".join(shares) or "–"
    for level, seconds in sorted(version.budgets.items()):
        rows[_("Budget of %(level)s") % {"level": level}] = length(seconds, version)
    return rows


def policy_name(key: str) -> str:
    """A version as it is called in the ledger, "premium/urgent v3", in the reader's language."""
    policy, _space, number = key.partition(" ")
    plan, _slash, severity = policy.partition("/")
    if plan not in PLANS or severity not in Severity.values:
        return key
    return f"{PLANS[plan].name}/{Severity(severity).label} {number}"


def length(seconds: int | None, version: PolicyVersion) -> str:
    """A length it promises, in the time of its calendar: a day's working time is no day."""
    if seconds is None or is_around_the_clock(version.calendar_version):
        return duration(seconds)
    return working_time(seconds)


def changes(before: PolicyVersion | None, after: PolicyVersion) -> list[str]:
    """ "First answer: 15 min → 10 min", one line for each thing that differs."""
    if before is None:
        return []
    old, new = described(before), described(after)
    return [
        _("%(name)s: %(text)s")
        % {"name": name, "text": f"{old.get(name, '–')} → {new.get(name, '–')}"}
        for name in [*new, *(name for name in old if name not in new)]
        if old.get(name, "–") != new.get(name, "–")
    ]


def _kind(kind: Promise.Kind) -> str:
    return {
        Promise.Kind.RESPONSE: _("first answer"),
        Promise.Kind.UPDATE: _("next update"),
        Promise.Kind.RESOLUTION: _("solution"),
    }[kind]
