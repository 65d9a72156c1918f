"""The reachability drill: before a shift begins, whoever comes on shows that they can be rung.

Whoever does not answer in time loses the shift to the next of the rotation, who is asked in
turn; the lead is told. Somebody who answers late gets the shift back while it has not begun.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import User
from accounts.viewer import SYSTEM, Viewer
from tickets import duty_changes
from tickets.models import ReachabilityDrill, Roster
from tickets.oncall import drill_messages, replacing, shift_changes

CONFIRM: Final = "drill.confirm"
RECENTLY: Final = dt.timedelta(hours=4)  # who answered within this time is not asked again
Outcome = ReachabilityDrill.Outcome


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What came of an answer: whether the shift is theirs, and otherwise whose it is."""

    is_theirs: bool
    holder_name: str = ""


@transaction.atomic
def ask(
    *,
    roster: Roster,
    person: User,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    in_place_of: str = "",
) -> ReachabilityDrill | None:
    """Ask a person whether they can be reached for the shift; None when there is no need.

    There is none when they were asked for this shift already, or answered a drill within the
    last hours. While another roster's drill for them is under way, one message is enough.
    """
    asked = ReachabilityDrill.objects.filter(person=person)
    if asked.filter(roster=roster, shift_starts_at=starts_at).exists():
        return None
    if asked.filter(confirmed_at__gt=now - RECENTLY).exists():
        return None
    drill = ReachabilityDrill.objects.create(
        roster=roster,
        person=person,
        person_name=person.name,
        shift_starts_at=starts_at,
        shift_ends_at=ends_at,
        asked_at=now,
        confirm_by=now + dt.timedelta(minutes=roster.confirm_minutes),
        messaged=not asked.filter(outcome=Outcome.ASKED).exists(),
    )
    agenda.schedule(
        kind=CONFIRM,
        key=f"{CONFIRM}:{drill.pk}",
        due_at=drill.confirm_by,
        subject=drill.event_subject,
        organization_id=None,
        drill=drill.pk,
    )
    if drill.messaged:
        drill_messages.ask(drill, person, in_place_of, now=now)
    _record(drill, "drill.asked", by=SYSTEM, now=now)
    return drill


@transaction.atomic
def confirm(*, drill: ReachabilityDrill, by: Viewer, now: dt.datetime) -> Confirmation:
    """ "I can be reached": by the person who was asked, and by nobody else.

    One answer counts for every drill they have under way. Too late, it brings the shift back
    while that has not begun; after that they are told who has it.
    """
    access.require(by, "drill.confirm")
    if by.user is None or by.user.pk != drill.person_id:
        raise PermissionDenied(_("Only the person who was asked can say so."))
    shift_changes.watched(drill.roster, now)
    drill = ReachabilityDrill.objects.select_for_update(of=("self",)).get(pk=drill.pk)
    if drill.confirmed_at is not None or drill.outcome == Outcome.MOOT:
        return _standing(drill, now)
    if drill.outcome == Outcome.SILENT:
        return _too_late(drill, by=by, now=now)
    # One whose time the engine finds over at this moment is not waited for.
    also = ReachabilityDrill.objects.select_for_update(skip_locked=True).filter(
        person=by.user, outcome=Outcome.ASKED
    )
    for one in also.order_by("pk"):
        one.outcome, one.confirmed_at = Outcome.REACHED, now
        one.save(update_fields=["outcome", "confirmed_at"])
        agenda.strike(subject=one.event_subject, kind=CONFIRM, now=now)
    _record(drill, "drill.confirmed", by=by, now=now)
    return Confirmation(is_theirs=True)


@transaction.atomic
def not_confirmed(*, drill_id: int, now: dt.datetime) -> None:
    """The time to answer is over: the next takes the shift, and the leads are told."""
    found = ReachabilityDrill.objects.select_related("roster__team").filter(pk=drill_id).first()
    if found is None:
        return
    shift_changes.watched(found.roster, now)
    # Locked: an answer for another roster counts for this drill too, under that roster's lock.
    drills = ReachabilityDrill.objects.select_for_update(of=("self",))
    drill = drills.select_related("roster__team", "person").get(pk=drill_id)
    if drill.outcome != Outcome.ASKED:
        return
    if not replacing.has_the_shift(drill, drill.person_id, now):
        drill.outcome = Outcome.MOOT
        drill.save(update_fields=["outcome"])
        _record(drill, "drill.ended", by=SYSTEM, now=now)
        return
    drill.outcome = Outcome.SILENT
    following = replacing.next_for(drill, now)
    if following is not None:
        drill.replaced_by, drill.replaced_by_name = following, following.name
        _put_in(drill, following, instead_of=drill.person_id, now=now)
    drill.save(update_fields=["outcome", "replaced_by", "replaced_by_name"])
    _record(drill, "drill.missed", by=SYSTEM, now=now)
    drill_messages.missed(drill, now=now)
    if following is None:
        return
    asked = ask(
        roster=drill.roster,
        person=following,
        starts_at=drill.shift_starts_at,
        ends_at=drill.shift_ends_at,
        now=now,
        in_place_of=drill.person_name,
    )
    if asked is None or not asked.messaged:
        drill_messages.takes_over(drill, following, now=now)


def _too_late(drill: ReachabilityDrill, *, by: Viewer, now: dt.datetime) -> Confirmation:
    drill.outcome, drill.confirmed_at = Outcome.LATE, now
    drill.save(update_fields=["outcome", "confirmed_at"])
    holder = replacing.holder(drill, now)
    stands_in = holder is not None and holder.pk != drill.person_id
    given_back = stands_in and now < drill.shift_starts_at
    if holder is not None and given_back:
        _put_in(drill, drill.person, instead_of=holder.pk, now=now)
        _end_drill_of(holder, drill, now=now)
        drill_messages.given_back(drill, holder, now=now)
    _record(drill, "drill.late", by=by, now=now, given_back=given_back)
    return Confirmation(is_theirs=True) if given_back else _standing(drill, now)


def _put_in(drill: ReachabilityDrill, person: User, *, instead_of: int, now: dt.datetime) -> None:
    duty_changes.put_in(
        roster=drill.roster,
        person=person,
        replaces=instead_of,
        starts_at=drill.shift_starts_at,
        ends_at=drill.shift_ends_at,
        now=now,
    )


def _end_drill_of(holder: User, drill: ReachabilityDrill, *, now: dt.datetime) -> None:
    """Whoever stood in need not answer any more."""
    theirs = ReachabilityDrill.objects.filter(
        roster=drill.roster_id,
        person=holder,
        shift_starts_at=drill.shift_starts_at,
        outcome=Outcome.ASKED,
    )
    for one in theirs:
        agenda.strike(subject=one.event_subject, kind=CONFIRM, now=now)
    theirs.update(outcome=Outcome.MOOT)


def _standing(drill: ReachabilityDrill, now: dt.datetime) -> Confirmation:
    """Whose the shift is, as the roster stands."""
    holder = replacing.holder(drill, now)
    is_theirs = holder is not None and holder.pk == drill.person_id
    return Confirmation(is_theirs, holder.name if holder and not is_theirs else "")


def _record(
    drill: ReachabilityDrill, verb: str, *, by: Viewer, now: dt.datetime, **more: object
) -> None:
    events.record(
        verb=verb,
        subject=f"roster/{drill.roster_id}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        drill=drill.pk,
        name=drill.person_name,
        replaced_by=drill.replaced_by_name,
        **more,
    )
