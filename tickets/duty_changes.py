"""Change who is on duty for a time: overrides, leave, temporary schedules; and take it back.

Nothing begins before it is made, and nothing is edited: a change is cancelled, and another made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from tickets import rosters
from tickets.models import DutyChange, Roster
from tickets.oncall import duty_letters, shift_changes, spans
from tickets.oncall.rotation import Shift
from tickets.periods import Period

Kind = DutyChange.Kind
MOST_SHIFTS: Final = 60


@transaction.atomic
def override(
    *,
    roster: Roster,
    by: Viewer,
    person: User | None,
    replaces: User | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    reason: str = "",
    kind: Kind = Kind.OVERRIDE,
) -> DutyChange:
    """Put `person` on duty in place of `replaces`, or besides; without a person, nobody is.

    An engineer puts themselves on duty; whom else, a manager decides. What lies in the past is
    cut off. ValidationError says why it cannot be.
    """
    access.require(by, "roster.override")
    if person != by.user and not access.allows(by, "roster.edit"):
        raise PermissionDenied(
            _("Only a manager puts somebody else on duty. Ask them for a swap instead.")
        )
    roster = rosters.locked(roster)
    span = spans.bounded(starts_at, ends_at, now)
    if person is None and replaces is None:
        raise ValidationError(_("An override names who takes over, who is off, or both."))
    if person == replaces:
        raise ValidationError({"person": _("Nobody takes over from themselves.")})
    spans.refuse_left(person)
    if replaces is not None:
        spans.refuse_not_held(roster, replaces, span, now)
    if person is not None:
        spans.refuse_away(person, span)
        spans.refuse_all_held(roster, person, span, now)
    change = _put(
        kind, span, roster=roster, person=person, replaces=replaces, reason=reason, by=by, now=now
    )
    if kind is Kind.OVERRIDE:
        duty_letters.overridden(change, by=by, now=now)
    return change


@transaction.atomic
def take_leave(
    *,
    person: User,
    by: Viewer,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    stand_in: User | None = None,
    reason: str = "",
) -> DutyChange:
    """`person` is off on every roster; `stand_in`, if named, has their shifts meanwhile.

    Engineers enter their own, managers anybody's. ValidationError says why it cannot be.
    """
    access.require(by, "leave.take")
    if person != by.user and not access.allows(by, "roster.edit"):
        raise PermissionDenied(_("You can enter your own leave only."))
    touched = _locked_all()
    span = spans.bounded(starts_at, ends_at, now)
    spans.refuse_left(person, stand_in)
    spans.refuse_away(person, span)
    if stand_in is not None:
        if stand_in == person:
            raise ValidationError({"stand_in": _("Nobody stands in for themselves.")})
        spans.refuse_away(stand_in, span)
    change = _put(Kind.LEAVE, span, person=stand_in, replaces=person, reason=reason, by=by, now=now)
    shift_changes.replan([one.pk for one in touched], now)
    duty_letters.on_leave(change, by=by, now=now)
    return change


@transaction.atomic
def plan_temporary(
    *,
    roster: Roster,
    by: Viewer,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    shifts: Sequence[tuple[User, dt.datetime, dt.datetime]],
    now: dt.datetime,
    reason: str = "",
) -> DutyChange:
    """In this span only these shifts hold. Managers. ValidationError says why it cannot be."""
    access.require(by, "roster.edit")
    roster = rosters.locked(roster)
    span = spans.bounded(starts_at, ends_at, now)
    if spans.standing(span).filter(kind=Kind.TEMPORARY, roster=roster).exists():
        raise ValidationError(_("Another temporary schedule holds in that time."))
    kept = _temporary_shifts(shifts, span)
    change = _put(Kind.TEMPORARY, span, roster=roster, shifts=kept, reason=reason, by=by, now=now)
    duty_letters.scheduled(change, [person for person, *_span in shifts], by=by, now=now)
    return change


@transaction.atomic
def put_in(
    *,
    roster: Roster,
    person: User,
    replaces: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
) -> DutyChange | None:
    """By the engine: `person` takes what is left of a shift of somebody who was not reached.

    None when the shift is over. The drill's own event tells of it.
    """
    starts_at = max(starts_at, now)
    if ends_at <= starts_at:
        return None
    away = User.objects.get(pk=replaces)
    change = DutyChange.objects.create(
        kind=Kind.DRILL,
        roster=roster,
        person=person,
        person_name=person.name,
        replaces=away,
        replaces_name=away.name,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    shift_changes.replan([roster.pk], now)
    return change


@transaction.atomic
def cancel(*, change: DutyChange, by: Viewer, now: dt.datetime) -> DutyChange:
    """Take a change back from now on; what was until now stays on record.

    Whoever made it may, whose leave it is, and managers.
    """
    access.require(by, "roster.override")
    touched = _locked_all()
    change = DutyChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if not (access.allows(by, "roster.edit") or is_own(change, by.user)):
        raise PermissionDenied(_("Only who made this change, or a manager, takes it back."))
    if change.cancelled_at is not None:
        raise ValidationError(_("This was taken back already."))
    if change.ends_at <= now:
        raise ValidationError(_("That time has passed: what was, stays on record."))
    change.cancelled_at = max(now, change.created_at)
    change.cancelled_by, change.cancelled_by_name = by.user, by.name
    change.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_by_name"])
    _record(change, "cancelled", by=by, now=now)
    shift_changes.replan([one.pk for one in touched], now)
    duty_letters.taken_back(change, by=by, now=now)
    return change


def is_own(change: DutyChange, person: User | None) -> bool:
    """Whether a person may take the change back without being a manager.

    A swap is agreed between two and a drill's stand-in was needed: those a manager takes back.
    """
    if person is None or change.kind in (Kind.SWAP, Kind.DRILL):
        return False
    its_leave = change.kind == Kind.LEAVE and change.replaces_id == person.pk
    return its_leave or change.created_by_id == person.pk


def _temporary_shifts(
    shifts: Sequence[tuple[User, dt.datetime, dt.datetime]], span: Period
) -> list[dict[str, object]]:
    """As they stand in the row; ValidationError when they cannot be."""
    if not shifts:
        raise ValidationError(_("A temporary schedule needs at least one shift."))
    if len(shifts) > MOST_SHIFTS:
        raise ValidationError(
            _("Plan at most %(count)d shifts at a time.") % {"count": MOST_SHIFTS}
        )
    taken: list[Shift] = []
    for person, start, end in shifts:
        spans.refuse_left(person)
        start = max(start, span[0])
        if end <= start:
            raise ValidationError(_("Each shift must end after its start."))
        if end > span[1]:
            raise ValidationError(_("Each shift must lie within the temporary schedule."))
        spans.refuse_away(person, (start, end))
        if any(
            one.member == person.pk and one.starts_at < end and start < one.ends_at for one in taken
        ):
            raise ValidationError(
                _("%(name)s has two shifts at the same time.") % {"name": person.name}
            )
        taken.append(Shift(person.pk, start, end))
    names = {person.pk: person.name for person, *_span in shifts}
    return [
        {
            "member": one.member,
            "name": names[int(str(one.member))],
            "starts_at": one.starts_at.astimezone(dt.UTC).isoformat(),
            "ends_at": one.ends_at.astimezone(dt.UTC).isoformat(),
        }
        for one in taken
    ]


def _put(
    kind: Kind,
    span: Period,
    *,
    by: Viewer,
    now: dt.datetime,
    roster: Roster | None = None,
    person: User | None = None,
    replaces: User | None = None,
    shifts: Iterable[dict[str, object]] = (),
    reason: str = "",
) -> DutyChange:
    change = DutyChange.objects.create(
        kind=kind,
        roster=roster,
        person=person,
        person_name=person.name if person else "",
        replaces=replaces,
        replaces_name=replaces.name if replaces else "",
        starts_at=span[0],
        ends_at=span[1],
        shifts=list(shifts),
        reason=reason.strip(),
        created_at=now,
        created_by=by.user,
        created_by_name=by.name,
    )
    _record(change, "made", by=by, now=now)
    if roster is not None:
        shift_changes.replan([roster.pk], now)
    return change


def _locked_all() -> list[Roster]:
    """Every roster, locked in the same order by everybody: leave concerns them all."""
    return list(Roster.objects.select_for_update(of=("self",)).filter(ended_at=None).order_by("pk"))


def _record(change: DutyChange, what: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=f"duty.{change.kind}_{what}",
        subject=f"roster/{change.roster_id}" if change.roster_id else change.event_subject,
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        change=change.pk,
        person=change.person_name,
        replaces=change.replaces_name,
        starts_at=change.starts_at.isoformat(),
        ends_at=change.ends_at.isoformat(),
    )
