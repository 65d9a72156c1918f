"""A step of a ladder in words: what it rings, and why it rang nobody."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tickets.models import LadderStep
from tickets.oncall.line_up import Why


def about(kind: str, name: str) -> str:
    """What a step rings, in words: the roster's name, "the leads of the team's products"."""
    if kind == LadderStep.Kind.ROSTER and name:
        return name
    return str(LadderStep.Kind(kind).label)


def why(reason: str, name: str = "") -> str:
    """Why a step rang nobody, for our own eyes."""
    return {
        Why.NOBODY_ON_DUTY: _("nobody is on duty"),
        Why.LEFT: _("%(name)s no longer works here") % {"name": name}
        if name
        else _("whoever was meant no longer works here"),
        Why.NO_CONTACT: _("the customer has no dedicated contact"),
        Why.NO_LEADS: _("there is no lead"),
        Why.NO_MANAGERS: _("there is no manager"),
        Why.RUNG_BEFORE: _("whoever is meant is rung on the step before"),
        Why.NOBODY_QUALIFIED: _("nobody on duty is qualified for this ticket"),
    }[Why(reason)]
