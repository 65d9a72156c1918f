"""What can be said of a stretch of duty before it is changed: bounds, and who has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.models import DutyChange, Roster
from tickets.oncall import duty
from tickets.periods import Period, within, without

LONGEST: Final = dt.timedelta(days=366)
Kind = DutyChange.Kind


def bounded(starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> Period:
    """The span cut to begin now; ValidationError when it is backwards, past or beyond a year."""
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must lie after the start.")})
    if ends_at <= now:
        raise ValidationError({"ends_at": _("That time has passed: what was, stays on record.")})
    starts_at = max(starts_at, now)
    if ends_at - starts_at > LONGEST or starts_at - now > 2 * LONGEST:
        raise ValidationError({"ends_at": _("Plan at most a year at a time, two years ahead.")})
    return starts_at, ends_at


def held(roster: Roster, person: User, span: Period, now: dt.datetime) -> list[Period]:
    """When the person is on duty for the roster within the span, as known now."""
    found = duty.shifts([roster], *span, known_at=now)[roster.pk]
    return [(one.starts_at, one.ends_at) for one in found if one.member == person.pk]


def is_all_held(held_periods: Iterable[Period], span: Period) -> bool:
    """Whether these periods fill the span."""
    left = [span]
    for period in held_periods:
        left = list(without(left, period))
    return not left


def refuse_not_held(roster: Roster, person: User, span: Period, now: dt.datetime) -> None:
    """ValidationError unless the person is on duty for some of the span."""
    if not list(within(held(roster, person, span, now), span)):
        raise ValidationError(
            _("%(name)s is not on duty for %(roster)s then.")
            % {"name": person.name, "roster": roster.name}
        )


def refuse_all_held(roster: Roster, person: User, span: Period, now: dt.datetime) -> None:
    """ValidationError when the person is on duty for the whole span already."""
    if is_all_held(held(roster, person, span, now), span):
        raise ValidationError(
            _("%(name)s is on duty for %(roster)s then already.")
            % {"name": person.name, "roster": roster.name}
        )


def refuse_away(person: User, span: Period) -> None:
    """ValidationError when the person takes leave within the span."""
    leave = standing(span).filter(kind=Kind.LEAVE, replaces=person).first()
    if leave is not None:
        raise ValidationError(
            _("%(name)s is off from %(start)s to %(end)s.")
            % {"name": person.name, "start": moment(leave.starts_at), "end": moment(leave.ends_at)}
        )


def refuse_left(*people: User | None) -> None:
    """ValidationError unless all of them are active people of staff."""
    for person in people:
        if person is not None and not (person.is_active and person.is_staff):
            raise ValidationError(_("Only active people of staff take turns."))


def standing(span: Period) -> QuerySet[DutyChange]:
    """Changes that hold somewhere in the span and are not cancelled."""
    return DutyChange.objects.filter(
        Q(cancelled_at=None), starts_at__lt=span[1], ends_at__gt=span[0]
    )


def moment(at: dt.datetime) -> str:
    """Day and time in the reader's zone."""
    return date_format(timezone.localtime(at), "D j M H:i")
