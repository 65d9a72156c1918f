"""What may be promised at all, whoever writes the policy."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tickets.models import PolicyVersion, Promise
from tickets.models.policy import BUDGET_LEVELS
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity

LONGEST_SECONDS: Final = 366 * 86400
SHORTEST_SECONDS: Final = 60
MOST_WARNINGS: Final = 4

_FIELDS: Final = {
    Promise.Kind.RESPONSE: "response_seconds",
    Promise.Kind.UPDATE: "update_seconds",
    Promise.Kind.RESOLUTION: "resolution_seconds",
}


def check(version: PolicyVersion) -> None:
    """Raise `ValidationError`, by field and in sentences, unless all of it can be promised."""
    errors: dict[str, str] = {}
    for problem in (_targets, _pauses, _warnings, _budgets):
        errors |= problem(version)
    if errors:
        raise ValidationError(dict(errors.items()))


def _targets(version: PolicyVersion) -> dict[str, str]:
    errors = {}
    for kind, field in _FIELDS.items():
        seconds = version.target_seconds(kind)
        if seconds is not None and not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
            errors[field] = _("Promise at least a minute and at most a year.")
    response, resolution = version.response_seconds, version.resolution_seconds
    if not errors and resolution is not None and resolution < response:
        errors["resolution_seconds"] = _("A solution cannot be due before the first answer.")
    return errors


def _pauses(version: PolicyVersion) -> dict[str, str]:
    errors = {}
    for kind, reasons in version.pauses.items():
        if kind not in Promise.Kind.values or set(reasons) - set(PauseReason.values):
            errors["pauses"] = _("A clock pauses only for the customer or an agreed date.")
    if version.policy.severity == Severity.URGENT and version.pauses_of(Promise.Kind.RESPONSE):
        errors["pauses"] = _("The first answer to an urgent ticket never pauses.")
    return errors


def _warnings(version: PolicyVersion) -> dict[str, str]:
    for kind, shares in version.warn_at.items():
        if kind not in Promise.Kind.values:
            return {"warn_at": _("There is no promise of this kind.")}
        if len(shares) > MOST_WARNINGS:
            return {"warn_at": _("At most %(count)d warnings.") % {"count": MOST_WARNINGS}}
        if not all(_is_number(share) and 0 < share < 1 for share in shares):
            return {"warn_at": _("Warn after a share of the time: 1 to 99 per cent.")}
    return {}


def _budgets(version: PolicyVersion) -> dict[str, str]:
    budgets = version.budgets
    if not budgets:
        return {}
    if set(budgets) - set(BUDGET_LEVELS):
        return {"budgets": _("Budgets are for the levels L1, L2 and L3.")}
    if not all(_is_number(seconds) and seconds >= SHORTEST_SECONDS for seconds in budgets.values()):
        return {"budgets": _("A budget is at least a minute.")}
    if version.resolution_seconds is None:
        return {"budgets": _("Budgets share out the time to the solution; promise one first.")}
    if sum(budgets.values()) > version.resolution_seconds:
        return {"budgets": _("The budgets are more than the time to the solution.")}
    return {}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
