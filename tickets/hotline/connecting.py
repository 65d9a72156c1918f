"""Connect a caller to whoever the ladder rings: call and ladder are one trail.

A leg is one engineer rung for the call. Who does not take it in time has been rung without an
answer, and the ladder climbs at once instead of waiting out the step; who has no number is rung by
their own ways, as always, and holds nobody up. Only the key counts: a voicemail box presses none.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import agenda, dialling
from accounts.models import ContactMethod, User
from accounts.viewer import Viewer
from tickets import escalation, lifecycle, page_outcomes, ringing
from tickets.hotline import calls, voicemail
from tickets.hotline.answers import (
    Because,
    Connect,
    Goodbye,
    HangUp,
    Nothing,
    Reply,
    Through,
    Whisper,
)
from tickets.models import Call, CallLeg, Escalation, Page
from tickets.oncall.ladder import Ladder, thawed

Outcome = CallLeg.Outcome

KEY: Final = "1"
SPOKEN: Final = "call.spoken"
SPOKEN_AFTER: Final = dt.timedelta(seconds=30)
# The provider's words for how a leg ended.
ENDINGS: Final = {
    "busy": Outcome.BUSY,
    "failed": Outcome.FAILED,
    "no-answer": Outcome.SILENT,
    "canceled": Outcome.GIVEN_UP,
    "completed": Outcome.UNCONFIRMED,
}
REACHED: Final = (Outcome.SILENT, Outcome.BUSY, Outcome.UNCONFIRMED)


@transaction.atomic
def connect(*, call: Call, now: dt.datetime) -> Reply:
    """Ring the next engineer for this call; without any left, take a message."""
    if call.is_over or call.ticket is None:
        return Reply(HangUp())
    lifecycle.locked(call.ticket)
    is_first = not call.legs.exists()
    rung = _next_leg(call, now=now)
    if rung is None:
        return voicemail.invite(call, Because.NOBODY)
    leg, number = rung
    call.state = Call.State.RINGING
    call.save(update_fields=["state"])
    calls.record(call, "call.dialled", now=now, name=leg.person_name)
    opens = call.ticket.reference if is_first else ""
    return Reply(Connect(str(leg.pk), number, opens), call.language)


def whisper(*, call: Call, leg: CallLeg) -> Reply:
    """What the engineer hears before they press the key."""
    if call.is_over or call.ticket is None:
        return Reply(HangUp(), leg.person.language)
    organization = call.ticket.organization.name
    return Reply(Whisper(str(leg.pk), organization, call.ticket.reference), leg.person.language)


@transaction.atomic
def take(*, call: Call, leg: CallLeg, digits: str, now: dt.datetime) -> Reply:
    """The engineer pressed a key. The right one acknowledges the ladder, in their name."""
    language = leg.person.language
    viewer = Viewer.of(leg.person)
    if digits != KEY or call.ticket is None or not viewer.is_person_of_staff:
        return Reply(HangUp(), language)
    try:
        escalation.acknowledge(ticket=call.ticket, by=viewer, now=now)
    except (escalation.NothingRinging, PermissionDenied):
        pass  # it is over for the ladder; the caller still waits for a voice
    leg.outcome, leg.taken_at = Outcome.TAKEN, now
    leg.answered_at = leg.answered_at or now
    leg.save()
    _reached(leg, now=now)
    calls.record(call, "call.connected", now=now, name=leg.person_name)
    if call.is_over or leg.ended_at is not None:
        return Reply(HangUp(), language)
    call.state = Call.State.TALKING
    call.save(update_fields=["state"])
    agenda.schedule(
        kind=SPOKEN,
        key=f"{SPOKEN}:{leg.pk}",
        due_at=now + SPOKEN_AFTER,
        subject=call.ticket.event_subject,
        organization_id=call.organization_id,
        leg=str(leg.pk),
    )
    return Reply(Through(), language)


@transaction.atomic
def dialled(*, call: Call, leg: CallLeg, status: str, now: dt.datetime) -> Reply:
    """The provider is done with a leg: either they have spoken, or the next is rung."""
    _settle(call, leg, status, now=now)
    if call.is_over or call.ticket is None:
        return Reply(HangUp())
    if leg.outcome != Outcome.TAKEN:
        return connect(call=call, now=now)
    calls.end(call, now=now)
    return Reply(Goodbye(call.ticket.reference), call.language)


@transaction.atomic
def leg_told(*, call: Call, leg: CallLeg, status: str, sequence: int, now: dt.datetime) -> Reply:
    """Word of a leg under way. The highest number counts; what comes late changes nothing."""
    if sequence <= leg.sequence:
        return Reply(Nothing())
    leg.sequence = sequence
    if status == "in-progress":
        leg.answered_at = leg.answered_at or now
    leg.save()
    if status in ("ringing", "in-progress"):
        _reached(leg, now=now)
    elif status in ENDINGS:
        _settle(call, leg, status, now=now)
    return Reply(Nothing())


@transaction.atomic
def call_told(*, call: Call, status: str, sequence: int, now: dt.datetime) -> Reply:
    """Word of the call itself: when the caller has hung up, it is over."""
    if sequence <= call.sequence:
        return Reply(Nothing())
    call.sequence = sequence
    call.save(update_fields=["sequence"])
    if status in ENDINGS:
        calls.end(call, now=now)
    return Reply(Nothing())


def _settle(call: Call, leg: CallLeg, status: str, *, now: dt.datetime) -> None:
    """Put down how a leg ended, unless that is known."""
    if leg.ended_at is not None:
        return
    leg.ended_at = now
    if leg.outcome != Outcome.TAKEN:
        leg.outcome = ENDINGS.get(status, Outcome.UNCONFIRMED)
    leg.save()
    if leg.outcome in REACHED:
        _reached(leg, now=now)
    outcome = str(leg.outcome)
    calls.record(call, "call.leg_ended", now=now, name=leg.person_name, outcome=outcome)


def _reached(leg: CallLeg, *, now: dt.datetime) -> None:
    """Their telephone rang: the ladder's page left by telephone."""
    if leg.page is not None:
        page_outcomes.delivered(page=leg.page, channel=ContactMethod.Kind.PHONE, now=now)


def _next_leg(call: Call, *, now: dt.datetime) -> tuple[CallLeg, str] | None:
    """The next engineer who can be called and has not been, climbing the ladder if need be."""
    while True:
        rings = Escalation.objects.filter(ticket=call.ticket).order_by("-id").first()
        if rings is None:
            return None
        tried = set(call.legs.values_list("person_id", flat=True))
        for person, page in _wanted(rings):
            method = None if person.pk in tried else _telephone(person)
            if method is not None:
                return _leg(call, person, page, method, now=now)
        if rings.state != Escalation.State.RINGING or not _climb(rings, tried, now=now):
            return None


def _wanted(rings: Escalation) -> list[tuple[User, Page | None]]:
    """Whom the ladder rings now; once it is acknowledged, whoever did that."""
    if rings.state == Escalation.State.ACKNOWLEDGED and rings.acknowledged_by is not None:
        own = rings.pages.filter(person=rings.acknowledged_by).order_by("-step").first()
        return [(rings.acknowledged_by, own)]
    ringing_pages = rings.pages.filter(state=Page.State.RINGING).select_related("person")
    order = ("-step", "rung_at", "person_name")
    return [(page.person, page) for page in ringing_pages.order_by(*order)]


def _telephone(person: User) -> ContactMethod | None:
    """Their first telephone that may be dialled: verified, in use, and in a country we allow."""
    usable = ContactMethod.objects.filter(
        user=person, kind=ContactMethod.Kind.PHONE, enabled=True, verified_at__isnull=False
    )
    for method in usable.order_by("position", "pk"):
        number = dialling.number_in(method.address)
        if dialling.may_be_dialled(number, allowed=settings.HOTLINE_DIALS):
            return method
    return None


def _leg(
    call: Call, person: User, page: Page | None, method: ContactMethod, *, now: dt.datetime
) -> tuple[CallLeg, str]:
    if call.ticket is None:
        raise ValueError("Only a caller who is known is connected.")
    viewer = Viewer.of(User.objects.select_related("staff_profile").get(pk=person.pk))
    leg = CallLeg.objects.create(
        organization_id=call.ticket.organization_id,
        call=call,
        page=page,
        person=person,
        person_name=viewer.name,
        person_level=viewer.level,
        method=method,
        dialled_at=now,
    )
    return leg, dialling.number_in(method.address)


def _has_telephones(ladder: Ladder, index: int, tried: set[int]) -> bool:
    """Whether anybody from that step to the end of the round can be called: else none is hurried,
    and the ladder rings in its own time."""
    keys = {int(str(rung.person)) for step in ladder.steps[index:] for rung in step.people}
    people = User.objects.filter(pk__in=keys - tried, is_active=True, is_staff=True)
    return any(_telephone(person) is not None for person in people)


def _climb(rings: Escalation, tried: set[int], *, now: dt.datetime) -> bool:
    """Ring the next step now; False where nobody up to the end of the first round can be called.

    Those this call rang in vain have given no answer. Others of the step are rung on by their
    own ways, and the ladder, which had them wait longer, is only ever ahead of its time.
    """
    ladder = thawed(rings.ladder)
    following = ringing.index_after(ladder, rings.step)
    if following >= len(ladder.steps) or not _has_telephones(ladder, following, tried):
        return False
    reachable = ringing.next_reachable(rings, following, now=now)
    if reachable is None or reachable >= len(ladder.steps):
        return False
    rings.pages.filter(state=Page.State.RINGING, person__in=tried).update(
        state=Page.State.NO_ANSWER, ended_at=now
    )
    rings = (
        Escalation.objects.select_for_update(of=("self",)).select_related("ticket").get(pk=rings.pk)
    )
    ringing.ring(rings, reachable, now=now)
    return True
