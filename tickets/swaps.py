"""Swap shifts: one engineer asks another, who accepts or declines.

Accepting makes the overrides in the same transaction. A swap nobody answered expires when the
first of its shifts begins.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import User
from accounts.viewer import SYSTEM, Viewer
from tickets import rosters
from tickets.models import DutyChange, Roster, Swap
from tickets.oncall import duty_letters, shift_changes, spans
from tickets.periods import Period

EXPIRE: Final = "swap.expire"
State = Swap.State


@transaction.atomic
def ask(
    *,
    roster: Roster,
    by: Viewer,
    asked: User,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    in_return: tuple[Roster, dt.datetime, dt.datetime] | None = None,
    note: str = "",
) -> Swap:
    """Ask `asked` to take this stretch of one's own duty, perhaps for one of theirs.

    Only of shifts to come. ValidationError says why it cannot be.
    """
    access.require(by, "roster.swap")
    if by.user is None:
        raise ValueError("Only a person asks for a swap.")
    _refuse_impossible(roster, by.user, asked, (starts_at, ends_at), now)
    first = starts_at
    if in_return is not None:
        _refuse_impossible(in_return[0], asked, by.user, in_return[1:], now)
        first = min(first, in_return[1])
    if Swap.objects.filter(
        roster=roster,
        asker=by.user,
        state=State.ASKED,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    ).exists():
        raise ValidationError(_("You have asked for a swap of this shift already."))
    swap = Swap.objects.create(
        roster=roster,
        asker=by.user,
        asker_name=by.name,
        asked=asked,
        asked_name=asked.name,
        starts_at=starts_at,
        ends_at=ends_at,
        return_roster=in_return[0] if in_return else None,
        return_starts_at=in_return[1] if in_return else None,
        return_ends_at=in_return[2] if in_return else None,
        note=note.strip(),
        created_at=now,
        expires_at=first,
    )
    agenda.schedule(
        kind=EXPIRE,
        key=f"{EXPIRE}:{swap.pk}",
        due_at=first,
        subject=swap.event_subject,
        organization_id=None,
        swap=swap.pk,
    )
    _tell(swap, "swap.asked", by=by, now=now)
    return swap


@transaction.atomic
def accept(*, swap: Swap, by: Viewer, now: dt.datetime) -> Swap:
    """Take the shift, and give the other: by the one who was asked.

    ValidationError when it is settled, has begun, or the shifts are no longer theirs.
    """
    swap = _open(swap, by, "asked_id", now)
    given = (swap.starts_at, swap.ends_at)
    _refuse_impossible(swap.roster, swap.asker, swap.asked, given, now)
    _give(swap.roster, swap.asker, swap.asked, given, by=by, now=now)
    if swap.return_roster and swap.return_starts_at and swap.return_ends_at:
        back = (swap.return_starts_at, swap.return_ends_at)
        _refuse_impossible(swap.return_roster, swap.asked, swap.asker, back, now)
        _give(swap.return_roster, swap.asked, swap.asker, back, by=by, now=now)
    return _settle(swap, State.ACCEPTED, by=by, now=now)


@transaction.atomic
def decline(*, swap: Swap, by: Viewer, now: dt.datetime) -> Swap:
    """By the one who was asked."""
    return _settle(_open(swap, by, "asked_id", now), State.DECLINED, by=by, now=now)


@transaction.atomic
def withdraw(*, swap: Swap, by: Viewer, now: dt.datetime) -> Swap:
    """By the one who asked."""
    return _settle(_open(swap, by, "asker_id", now), State.WITHDRAWN, by=by, now=now)


@transaction.atomic
def expire(*, swap_id: int, now: dt.datetime) -> None:
    """The shift begins and nobody answered."""
    swap = Swap.objects.select_for_update(of=("self",)).filter(pk=swap_id).first()
    if swap is not None and swap.state == State.ASKED:
        _settle(swap, State.EXPIRED, by=SYSTEM, now=now)


def _refuse_impossible(
    roster: Roster, giver: User, taker: User, span: Period, now: dt.datetime
) -> None:
    """ValidationError unless the whole span is the giver's and the taker can take it."""
    rosters.locked(roster)
    if giver == taker:
        raise ValidationError(_("Ask somebody else: a swap is between two people."))
    if span[0] <= now:
        raise ValidationError(_("Only shifts to come can be swapped."))
    spans.bounded(*span, now)
    spans.refuse_left(taker)
    spans.refuse_away(giver, span)
    if not spans.is_all_held(spans.held(roster, giver, span, now), span):
        raise ValidationError(
            _("%(name)s is not on duty for %(roster)s all that time.")
            % {"name": giver.name, "roster": roster.name}
        )
    spans.refuse_away(taker, span)
    if spans.held(roster, taker, span, now):
        raise ValidationError(
            _("%(name)s is on duty for %(roster)s then already.")
            % {"name": taker.name, "roster": roster.name}
        )


def _open(swap: Swap, by: Viewer, whose: str, now: dt.datetime) -> Swap:
    """The swap, locked; PermissionDenied for others, ValidationError when it is settled."""
    access.require(by, "roster.swap")
    swap = (
        Swap.objects.select_for_update(of=("self",))
        .select_related("roster__team", "return_roster__team", "asker", "asked")
        .get(pk=swap.pk)
    )
    if by.user is None or getattr(swap, whose) != by.user.pk:
        raise PermissionDenied(_("This swap was asked between other people."))
    if swap.state != State.ASKED:
        raise ValidationError(_("This swap is settled already."))
    if swap.expires_at <= now:
        raise ValidationError(_("Too late: the shift has begun."))
    return swap


def _give(
    roster: Roster, giver: User, taker: User, span: Period, *, by: Viewer, now: dt.datetime
) -> None:
    DutyChange.objects.create(
        kind=DutyChange.Kind.SWAP,
        roster=roster,
        person=taker,
        person_name=taker.name,
        replaces=giver,
        replaces_name=giver.name,
        starts_at=span[0],
        ends_at=span[1],
        created_at=now,
        created_by=by.user,
        created_by_name=by.name,
    )
    shift_changes.replan([roster.pk], now)


def _settle(swap: Swap, state: Swap.State, *, by: Viewer, now: dt.datetime) -> Swap:
    swap.state, swap.settled_at = state, now
    swap.save(update_fields=["state", "settled_at"])
    agenda.strike(subject=swap.event_subject, kind=EXPIRE, now=now)
    _tell(swap, f"swap.{state}", by=by, now=now)
    return swap


def _tell(swap: Swap, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=f"roster/{swap.roster_id}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        swap=swap.pk,
        asker=swap.asker_name,
        asked=swap.asked_name,
    )
    duty_letters.swap_news(swap, by=by, now=now)
